import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServerFileSchema } from '../../src/server/config.ts';
import { chartValues } from './chart-values.ts';

const begin = '<!-- values: made of values.yaml by `npm run chart` -->';
const end = '<!-- /values -->';

/** The generated files of the chart: the name of each file, and the function that makes its text. */
export const chartDocuments = {
  'README.md': chartReadme,
  'values.schema.json': valuesSchema,
} as const;

/** Where the chart is, relative to the project root. */
export const chartFolder = 'k8s/charts/forescale';

export function chartFile(name: string): string {
  return fileURLToPath(new URL(`../../${chartFolder}/${name}`, import.meta.url));
}

/**
 * The chart's README with a table of the values for each section of values.yaml. Throws where the markers of the tables are
 * missing.
 */
function chartReadme(): string {
  const [before, rest] = read('README.md').split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${begin} … ${end}`);
  const sections = Map.groupBy(chartValues(read('values.yaml')), ({ section }) => section);
  const tables = [...sections].flatMap(([section, values]) => [
    ...['', `### ${section}`, '', '| value | default | meaning |', '| --- | --- | --- |'],
    ...values.map(({ path, byDefault, meaning }) => `| \`${path}\` | \`${byDefault}\` | ${meaning} |`),
  ]);
  return `${before}${begin}\n${tables.join('\n')}\n\n${end}${after}`;
}

/**
 * The schema of the values. It contains the schema of the server's configuration file, so helm refuses what the server would
 * refuse.
 */
function valuesSchema(): string {
  const schema = JSON.parse(read('values.schema.json')) as { $defs: Record<string, unknown> };
  schema.$defs['config'] = ServerFileSchema;
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function read(name: string): string {
  return readFileSync(chartFile(name), 'utf8');
}
