import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardFolder, dashboardJson, dashboards } from '../dashboards/index.ts';
import { copyMonitoringFiles } from './chart/monitoring-files.ts';

/** Writes every dashboard as the JSON that Grafana reads, for the chart too; test/repository/dashboards.test.ts fails where one is stale. */
for (const [name, dashboard] of Object.entries(dashboards)) {
  const path = `${dashboardFolder}/${name}.json`;
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), dashboardJson(dashboard));
  console.log(path);
}
copyMonitoringFiles();
