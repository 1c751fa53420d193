import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServerFileSchema } from '../../src/server/config.ts';
import { chartValues } from './chart-values.ts';

const begin = '<!-- values: made of values.yaml by `npm run chart` -->';
const end = '<!-- /values -->';

/** Files of the chart that are made, in whole or in part, of what is declared elsewhere; name and text as it is today. */
export const chartDocuments = {
  'README.md': chartReadme,
  'values.schema.json': valuesSchema,
} as const;

export function chartFile(name: string): string {
  return fileURLToPath(new URL(`../../k8s/charts/forescale/${name}`, import.meta.url));
}

/** The README with the table of the values that values.yaml has. Throws where it has no place for it. */
function chartReadme(): string {
  const [before, rest] = read('README.md').split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${begin} … ${end}`);
  const rows = chartValues(read('values.yaml')).map(
    ({ path, byDefault, meaning }) => `| \`${path}\` | \`${byDefault}\` | ${meaning} |`,
  );
  return `${before}${begin}\n${['| value | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')}\n${end}${after}`;
}

/** The schema with that of the configuration file as the server has it, so that helm refuses what the server would. */
function valuesSchema(): string {
  const schema = JSON.parse(read('values.schema.json')) as { $defs: Record<string, unknown> };
  schema.$defs['config'] = ServerFileSchema;
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function read(name: string): string {
  return readFileSync(chartFile(name), 'utf8');
}
