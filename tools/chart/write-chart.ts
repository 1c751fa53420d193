import { writeFileSync } from 'node:fs';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { chartDocuments, chartFile } from './chart-documents.ts';
import { copyMonitoringFiles } from './monitoring-files.ts';

await runAlone(
  ownCommand({
    name: 'chart',
    description: 'write the generated files of the chart, its copies of dashboards and rules among them',
    flags: {},
    notes: 'test/k8s/chart.test.ts and test/repository/chart-files.test.ts fail where one is stale.',
    examples: ['npm run chart'],
    act: async (_, io) => {
      copyMonitoringFiles();
      for (const [name, document] of Object.entries(chartDocuments)) {
        writeFileSync(chartFile(name), document());
        io.stdout(`${chartFile(name)}\n`);
      }
    },
  }),
);
