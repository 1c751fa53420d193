import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runBenchmark } from './benchmark.ts';
import { opponents } from './opponents/table.ts';
import { syntheticPack } from './replay/synthetic-pack.ts';
import { toMarkdown } from './report/markdown.ts';
import { calibrationSections, errorSection } from './report/sections-accuracy.ts';
import { opponentSection } from './report/sections-opponents.ts';
import { withTables } from './report/tables.ts';

/**
 * Writes the numbers of bench/README.md that come from a finished run on real traces:
 * `node bench/main.ts --out results && node bench/document.ts --report results`. `make docs` writes those of the made series.
 */
export const benchmarkDocument = fileURLToPath(new URL('./README.md', import.meta.url));
const picture = fileURLToPath(new URL('./benchmark.svg', import.meta.url));

/** Distance of two origins: long enough that the work takes seconds, short enough that every hour and weekday has origins. */
const everySeconds = 1800;

/** The tables of the made series in the document, by the marker they stand between. */
export async function madeBenchmarkTables(): Promise<ReadonlyMap<string, string>> {
  const report = await runBenchmark({
    traces: syntheticPack().map(({ trace }) => trace),
    parts: ['accuracy', 'opponents'],
    opponents: Object.entries(opponents).flatMap(([name, { kind }]) => (kind === 'streaming' ? [name] : [])),
    originsAtMost: 0,
    everySeconds,
    startUpsSeconds: [],
    damagePlaces: 0,
    isShort: true,
  });
  const { results, summary, comparisons, skipped } = report;
  const sections = [
    errorSection(results, summary),
    opponentSection(comparisons, skipped),
    ...calibrationSections(results, summary),
  ];
  return new Map([['made', toMarkdown(sections, 3)]]);
}

/** The tables of a run on real traces, from the folder that `bench --out` wrote. */
function reportTables(folder: string): ReadonlyMap<string, string> {
  const [, ...body] = readFileSync(join(folder, 'benchmark.md'), 'utf8').split('\n\n');
  return new Map([['traces', body.join('\n\n').replaceAll(/^## /gm, '### ')]]);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { report: { type: 'string' } } });
  if (values.report === undefined)
    throw new Error('use --report FOLDER, which `make bench BENCH_ARGS="--out FOLDER"` made');
  writeFileSync(
    benchmarkDocument,
    withTables(readFileSync(benchmarkDocument, 'utf8'), reportTables(values.report)),
  );
  copyFileSync(join(values.report, 'benchmark.svg'), picture);
  process.stdout.write(`written: ${benchmarkDocument}\n`);
}
