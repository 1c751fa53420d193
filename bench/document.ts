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
 * Writes the numbers of bench/README.md that come from a finished run on real traces: all of them by
 * `node bench/main.ts --out results && node bench/document.ts --report results`, those of money alone by
 * `node bench/main.ts --parts money --short --out results && node bench/document.ts --money results`, those of calendars alone by
 * `node bench/main.ts --parts calendar --out results && node bench/document.ts --calendar results`.
 * `make docs` writes those of the made series. Those of opponents in Python alone come by `--opponents results`, after a run that
 * asked no others.
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

/** The sections of a run on real traces, from the folder that `bench --out` wrote, behind the line that says how they were measured. */
function reportOf(folder: string): readonly string[] {
  const [head = '', ...sections] = readFileSync(join(folder, 'benchmark.md'), 'utf8').split(/\n(?=## )/);
  const [, how = ''] = head.split('\n\n');
  return [how.trim(), ...sections.map((section) => section.replace(/^## /, '### ').trim())];
}

function reportTables(folder: string): ReadonlyMap<string, string> {
  return new Map([['traces', `${reportOf(folder).join('\n\n')}\n`]]);
}

/** The tables of money: over all traces at every start-up, and trace by trace at the usual one. */
function moneyReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const wanted = /^### Money(?:: short time| at a start-up of 5m)/;
  const money = sections.filter((section) => wanted.test(section));
  if (money.length !== 2) throw new Error(`${folder} has no money at a start-up of 5m`);
  return new Map([['money', `${[how, ...money].join('\n\n')}\n`]]);
}

function calendarReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const calendar = sections.filter((section) => /^### (?:The bars|Public holidays)/.test(section));
  if (calendar.length !== 2) throw new Error(`${folder} has no calendar`);
  return new Map([['calendar', `${[how, ...calendar].join('\n\n')}\n`]]);
}

function opponentReportTables(folder: string): ReadonlyMap<string, string> {
  const [how = '', ...sections] = reportOf(folder);
  const opponentSections = sections.filter((section) => section.startsWith('### Our error ÷'));
  if (opponentSections.length !== 1) throw new Error(`${folder} has no opponents`);
  return new Map([['opponents', `${[how, ...opponentSections].join('\n\n')}\n`]]);
}

if (import.meta.main) {
  const folder = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { report: folder, money: folder, calendar: folder, opponents: folder },
  });
  const { report, money, calendar, opponents: asked } = values;
  if ([report, money, calendar, asked].every((one) => one === undefined))
    throw new Error(
      'use --report FOLDER, --money FOLDER, --calendar FOLDER or --opponents FOLDER, which `make bench BENCH_ARGS="--out FOLDER"` made',
    );
  const tables = [
    ...(report ? reportTables(report) : []),
    ...(money ? moneyReportTables(money) : []),
    ...(calendar ? calendarReportTables(calendar) : []),
    ...(asked ? opponentReportTables(asked) : []),
  ];
  writeFileSync(benchmarkDocument, withTables(readFileSync(benchmarkDocument, 'utf8'), new Map(tables)));
  if (report !== undefined) copyFileSync(join(report, 'benchmark.svg'), picture);
  process.stdout.write(`written: ${benchmarkDocument}\n`);
}
