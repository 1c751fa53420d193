import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dashboardFolder, dashboardJson, dashboards } from '../dashboards/index.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';
import { copyMonitoringFiles } from './chart/monitoring-files.ts';

await runAlone(
  ownCommand({
    name: 'dashboards',
    description: 'write every dashboard as the JSON that Grafana reads, for the chart too',
    flags: {},
    notes: 'test/repository/dashboards.test.ts fails where one is stale.',
    examples: ['npm run dashboards'],
    act: async (_, io) => {
      for (const [name, dashboard] of Object.entries(dashboards)) {
        const path = `${dashboardFolder}/${name}.json`;
        writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), dashboardJson(dashboard));
        io.stdout(`${path}\n`);
      }
      copyMonitoringFiles();
    },
  }),
);
