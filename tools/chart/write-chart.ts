import { writeFileSync } from 'node:fs';
import { chartDocuments, chartFile } from './chart-documents.ts';

/** Writes what the chart says about its own values; test/k8s/chart.test.ts fails where it is stale. */
for (const [name, document] of Object.entries(chartDocuments)) {
  writeFileSync(chartFile(name), document());
  console.log(chartFile(name));
}
