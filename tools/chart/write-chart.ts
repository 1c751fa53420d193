import { writeFileSync } from 'node:fs';
import { chartDocuments, chartFile } from './chart-documents.ts';
import { copyMonitoringFiles } from './monitoring-files.ts';

// Writes the generated files of the chart, its copies of dashboards and rules among them. test/k8s/chart.test.ts and
// test/repository/chart-files.test.ts fail where one is stale.
copyMonitoringFiles();
for (const [name, document] of Object.entries(chartDocuments)) {
  writeFileSync(chartFile(name), document());
  console.log(chartFile(name));
}
