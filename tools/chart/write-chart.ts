import { writeFileSync } from 'node:fs';
import { chartDocuments, chartFile } from './chart-documents.ts';

// Writes the generated files of the chart. test/k8s/chart.test.ts fails where one is stale.
for (const [name, document] of Object.entries(chartDocuments)) {
  writeFileSync(chartFile(name), document());
  console.log(chartFile(name));
}
