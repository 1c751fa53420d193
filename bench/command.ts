import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { CommandIo } from '../src/cli/command-io.ts';
import { createFlagValues, type FlagValues } from '../src/cli/flag-values.ts';
import { systemClock } from '../src/platform/clock.ts';
import { formatMoment } from '../src/platform/moment.ts';
import { textTable } from '../src/platform/terminal/text-table.ts';
import { type BenchPart, type BenchReport, benchParts, runBenchmark } from './benchmark.ts';
import { opponents } from './opponents/table.ts';
import { drawBenchmark } from './report/draw-benchmark.ts';
import { toMarkdown } from './report/markdown.ts';
import type { Section } from './report/report.ts';
import { sectionsOf } from './report/sections.ts';
import { verdicts } from './report/verdict.ts';
import { traceFiles } from './trace.ts';

interface BenchFlags {
  readonly traces?: string;
  readonly only?: string;
  readonly every?: string;
  readonly opponents: string;
  readonly origins: string;
  readonly full?: boolean;
  readonly parts: string;
  readonly short?: boolean;
  readonly robustness?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

const names = Object.keys(opponents);
const defaults = new Map<string, string>([
  ['opponents', names.join(',')],
  ['origins', '60'],
  ['parts', benchParts.join(',')],
]);
const defaultFolder = '../shared/traces';
/** Where `--short` says nothing else: hourly origins and the quick opponents. */
const shortEverySeconds = 3600;
const quickOpponents = names.filter((name) => !['augurs-mstl', 'prophet', 'r-stlf'].includes(name));

const help = `
Every row is observed in its order; from the middle of each trace on the model is asked at every origin, and what it
said is scored against what came. A folder without traces is skipped, and said so.

Parts: ${benchParts.join(', ')}.
Opponents: ${names.join(', ')}.
The slow opponents (augurs, Prophet, R) fit anew at every origin, so they are asked at --origins of them, Prophet at half
as many. augurs and Prophet need the development dependencies, R its package forecast; where they are not they are skipped.

Examples:
  make bench BENCH_ARGS="--short"
  node bench/main.ts
  node bench/main.ts --traces /data/traces --only web,llm --every 1h --opponents none
  node bench/main.ts --short
  node bench/main.ts --full --out results
  node bench/main.ts --parts robustness --robustness
`;

/** `make bench`: what forecasts of a folder of traces are worth, beside other methods, in one run. */
export function addBenchCommand(command: Command, io: CommandIo): void {
  command
    .description(
      'forecast every trace of a folder with what was known then, beside other methods, and score it',
    )
    .option('--traces <folder>', `CSV files (default: FORESCALE_TRACES, or ${defaultFolder})`)
    .option('--only <list>', 'traces whose name contains one of these')
    .option('--every <duration>', 'distance of the origins (default: every grid step)')
    .option('--opponents <list>', 'whom to compare with, or none', defaults.get('opponents'))
    .option(
      '--origins <count>',
      'origins a trace at which the slow opponents are asked',
      defaults.get('origins'),
    )
    .option('--full', 'ask the slow opponents at every origin')
    .option('--parts <list>', 'what to measure', defaults.get('parts'))
    .option('--robustness', 'faults at four places of each series in place of one')
    .option('--short', 'for a quick look: hourly origins, quick opponents, fewer repetitions')
    .option('--out <folder>', 'write benchmark.json, benchmark.md and benchmark.svg there')
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action((flags: BenchFlags) => run(flags, io));
}

async function run(flags: BenchFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('bench');
  const isShort = flags.short === true;
  const everySeconds =
    flags.every === undefined ? (isShort ? shortEverySeconds : 0) : values.seconds('--every', flags.every);
  const chosen = flags.opponents === 'none' ? [] : readNames('--opponents', flags.opponents, names, values);
  const originsAtMost = values.number(
    '--origins',
    flags.origins,
    (count) => Number.isInteger(count) && count >= 1,
    'a whole number of at least 1',
  );
  const parts = readNames('--parts', flags.parts, benchParts, values) as BenchPart[];
  values.check();

  const folder = flags.traces ?? io.env['FORESCALE_TRACES'] ?? defaultFolder;
  const traces = await traceFiles(folder, flags.only?.split(',') ?? []);
  if (traces.length === 0) {
    io.stdout(`1 skipped: no trace (*.csv) in ${folder}; give --traces DIR or FORESCALE_TRACES\n`);
    return;
  }
  const report = await runBenchmark({
    traces,
    parts,
    opponents: isShort ? chosen.filter((name) => quickOpponents.includes(name)) : chosen,
    originsAtMost: flags.full === true ? Number.POSITIVE_INFINITY : originsAtMost,
    everySeconds,
    faultPlaces: flags.robustness === true ? 4 : 1,
    isShort,
    signal: io.signal,
    onProgress: (text) => {
      if (io.isTty) io.stderr(`\r\x1b[K${text}`);
    },
  });
  if (io.isTty) io.stderr('\r\x1b[K');
  const sections = sectionsOf(report);
  const how = `Measured ${formatMoment(systemClock())} with \`${commandOf(flags)}\` on Node ${process.version}, ${cpus()[0]?.model.trim() ?? 'an unknown processor'}.`;
  if (flags.out !== undefined) await writeReport(flags.out, report, sections, how);
  if (flags.json === true) io.stdout(`${toJson(report)}\n`);
  else io.stdout([`${how}\n`, ...sections.map(forPeople)].join('\n'));
}

function readNames(
  flag: string,
  text: string,
  known: readonly string[],
  values: FlagValues,
): readonly string[] {
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted.filter((one) => !known.includes(one))) {
    values.fault(flag, `"${name}" must be one of ${known.join(', ')}`, name);
  }
  return wanted;
}

async function writeReport(
  folder: string,
  report: BenchReport,
  sections: readonly Section[],
  how: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'benchmark.json'), `${toJson(report)}\n`);
  await writeFile(join(folder, 'benchmark.md'), `# Benchmark\n\n${how}\n\n${toMarkdown(sections, 2)}`);
  await writeFile(join(folder, 'benchmark.svg'), drawBenchmark(report));
}

/** The command as it would be typed again, but for the folders. */
function commandOf({ traces: _traces, out: _out, ...flags }: BenchFlags): string {
  const said = Object.entries(flags).flatMap(([name, value]) => {
    if (value === true) return [`--${name}`];
    return value === defaults.get(name) ? [] : [`--${name} ${value}`];
  });
  return ['node bench/main.ts', ...said].join(' ');
}

function toJson(report: BenchReport): string {
  return JSON.stringify({ verdicts: verdicts(report), ...report });
}

function forPeople({ title, notes, rows }: Section): string {
  return `${title}\n${notes.map((note) => `  ${note}\n`).join('')}${textTable(rows)}`;
}
