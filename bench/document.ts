import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withTables } from '../tools/documents/document-results.ts';
import { runBenchmark } from './benchmark.ts';
import { opponents } from './opponents/table.ts';
import { toMarkdown } from './report/markdown.ts';
import { calibrationSections, errorSection } from './report/sections-accuracy.ts';
import { opponentSection } from './report/sections-opponents.ts';
import { syntheticPack } from './synthetic-pack.ts';

/**
 * Writes the numbers of bench/README.md. Those of the made series, which a test makes again and compares:
 * `node bench/document.ts`; and those of real traces from a finished run as well:
 * `node bench/main.ts --out results && node bench/document.ts --report results`.
 */
export const benchmarkDocument = fileURLToPath(new URL('./README.md', import.meta.url));
const picture = fileURLToPath(new URL('./benchmark.svg', import.meta.url));

/** Sparse enough to be made again by a test, dense enough for every hour and weekday. */
const everySeconds = 1800;

/** Tables of the document, by the marker they stand between: of what is made here. */
export async function madeBenchmarkTables(): Promise<ReadonlyMap<string, string>> {
  const report = await runBenchmark({
    traces: syntheticPack().map(({ trace }) => trace),
    parts: ['accuracy', 'opponents'],
    opponents: Object.entries(opponents).flatMap(([name, { kind }]) => (kind === 'streaming' ? [name] : [])),
    originsAtMost: 0,
    everySeconds,
    faultPlaces: 0,
    isShort: true,
  });
  const { results, summary, duels, skipped } = report;
  const sections = [
    errorSection(results, summary),
    opponentSection(duels, skipped),
    ...calibrationSections(results, summary),
  ];
  return new Map([['made', toMarkdown(sections, 3)]]);
}

/** Of a run on real traces, as `bench --out` left it. */
function reportTables(folder: string): ReadonlyMap<string, string> {
  const [, ...body] = readFileSync(join(folder, 'benchmark.md'), 'utf8').split('\n\n');
  return new Map([['traces', body.join('\n\n').replaceAll(/^## /gm, '### ')]]);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { report: { type: 'string' } } });
  const made = await madeBenchmarkTables();
  const measured = values.report === undefined ? [] : reportTables(values.report);
  const tables = new Map([...made, ...measured]);
  writeFileSync(benchmarkDocument, withTables(readFileSync(benchmarkDocument, 'utf8'), tables));
  if (values.report !== undefined) copyFileSync(join(values.report, 'benchmark.svg'), picture);
  process.stdout.write(`written: ${[...tables.keys()].join(', ')}\n`);
}
