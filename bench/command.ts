import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../src/cli/command-io.ts';
import { type Flag, type FlagReading, type FlagTable, flagName, switchedOn } from '../src/cli/flags.ts';
import { ownCommand } from '../src/cli/own-program.ts';
import { systemClock } from '../src/platform/clock.ts';
import { duration } from '../src/platform/duration.ts';
import { formatMoment } from '../src/platform/moment.ts';
import { anyText, type Kind, list, oneOf, whole } from '../src/platform/setting-values.ts';
import { textTable } from '../src/platform/terminal/text-table.ts';
import { type BenchReport, benchParts, runBenchmark } from './benchmark.ts';
import { opponentNamed, opponents } from './opponents/table.ts';
import { traceFiles } from './replay/trace.ts';
import { drawBenchmark } from './report/draw-benchmark.ts';
import { toMarkdown } from './report/markdown.ts';
import type { Section } from './report/report.ts';
import { sectionsOf } from './report/sections.ts';
import { verdicts } from './report/verdict.ts';

const names = Object.keys(opponents);
const defaultFolder = '../shared/traces';
/** Distance of the origins with `--short`, unless `--every` gives another. */
const shortEverySeconds = 3600;
const quickOpponents = names.filter((name) => opponentNamed(name)?.kind === 'streaming');

const notes = `Rows are observed in order. From the middle of each trace on the model forecasts at every origin, and its forecasts are
scored against the values that came. A folder without traces is skipped with a line that says so.

Parts: ${benchParts.join(', ')}.
Opponents: ${names.join(', ')}.
The slow opponents (augurs, Prophet, R, and in Python LightGBM, AutoCES, DynamicOptimizedTheta and MSTL+AutoETS) are asked at
--origins of the origins, Prophet at half as many. augurs and Prophet need the development dependencies, R its package
forecast, those in Python what \`make tools\` fetches for Python 3.11 or newer; without them they are skipped and counted.`;

const flags = {
  traces: {
    value: 'folder',
    variable: 'FORESCALE_TRACES',
    meaning: 'CSV files',
    default: defaultFolder,
    ...anyText,
  },
  only: { value: 'list', meaning: 'traces whose name contains one of these', ...list(anyText) },
  everySeconds: {
    name: '--every',
    value: 'duration',
    meaning: 'distance of the origins',
    absent: 'every grid step',
    ...duration({ above: '0', allowed: 'a duration above zero, such as 90s, 2h or 7d' }),
  },
  opponents: {
    value: 'list',
    meaning: 'opponents to compare with, or none',
    default: names.join(','),
    ...namesOrNone(names),
  },
  opponent: {
    value: 'command',
    meaning: 'an outside forecaster that takes part: a command that answers JSON lines',
    ...anyText,
  },
  origins: {
    value: 'count',
    meaning: 'origins a trace at which the slow opponents are asked',
    default: '60',
    ...whole({ from: 1 }),
  },
  full: { meaning: 'ask the slow opponents at every origin', ...switchedOn },
  parts: {
    value: 'list',
    meaning: 'what to measure',
    default: benchParts.join(','),
    ...list(oneOf(benchParts)),
  },
  startUps: {
    name: '--start-ups',
    value: 'list',
    meaning: 'start-ups of a replica for which money is measured',
    default: '2m,5m,10m,20m,30m',
    ...list(duration({ above: '0' })),
  },
  robustness: { meaning: 'damage each series at four places instead of one', ...switchedOn },
  short: {
    meaning:
      'for a quick look: hourly origins, quick opponents, fewer repetitions, money of our default alone',
    ...switchedOn,
  },
  out: {
    value: 'folder',
    meaning: 'write benchmark.json, benchmark.md and benchmark.svg there',
    ...anyText,
  },
  json: { meaning: 'print one JSON document', ...switchedOn },
} as const satisfies FlagTable;

/** The command behind `make bench`: it scores forecasts of a folder of traces beside other methods. */
export const benchCommand = ownCommand({
  name: 'bench',
  description:
    'forecast every trace of a folder with what was known then, beside other methods, and score it',
  flags,
  notes,
  examples: [
    'make bench BENCH_ARGS="--short"',
    'node bench/main.ts',
    'node bench/main.ts --traces /data/traces --only web,llm --every 1h --opponents none',
    'node bench/main.ts --short',
    'node bench/main.ts --full --out results',
    'node bench/main.ts --parts robustness --robustness',
    'node bench/main.ts --parts money --short --start-ups 5m',
    'node bench/main.ts --parts calendar',
    'node bench/main.ts --traces bench/traces --parts opponents --opponents lightgbm,auto-ces,dynamic-theta,mstl-ets --origins 24',
    "node bench/main.ts --short --opponent 'python3 bench/opponents/outside/seasonal-naive.py'",
    "node bench/main.ts --short --opponent 'python3 bench/opponents/outside/python/answer.py lightgbm'",
  ],
  act: run,
});

async function run(reading: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { traces: folder, only = [], opponents: chosen, short: isShort, ...values } = reading.values;
  const everySeconds = values.everySeconds ?? (isShort ? shortEverySeconds : 0);
  const traces = await traceFiles(folder, only);
  if (traces.length === 0) {
    io.stdout(`1 skipped: no trace (*.csv) in ${folder}; give --traces DIR or FORESCALE_TRACES\n`);
    return;
  }
  const report = await runBenchmark({
    traces,
    parts: values.parts,
    opponents: isShort ? chosen.filter((name) => quickOpponents.includes(name)) : chosen,
    outsideCommand: values.opponent,
    originsAtMost: values.full ? Number.POSITIVE_INFINITY : values.origins,
    everySeconds,
    startUpsSeconds: values.startUps,
    damagePlaces: values.robustness ? 4 : 1,
    isShort,
    signal: io.signal,
    onProgress: (text) => {
      if (io.isTty) io.stderr(`\r\x1b[K${text}`);
    },
  });
  if (io.isTty) io.stderr('\r\x1b[K');
  const sections = sectionsOf(report);
  const how = `Measured ${formatMoment(systemClock())} with \`${commandOf(reading)}\` on Node ${process.version}, ${cpus()[0]?.model.trim() ?? 'an unknown processor'}.`;
  if (values.out !== undefined) await writeReport(values.out, report, sections, how);
  if (values.json) io.stdout(`${toJson(report)}\n`);
  else io.stdout([`${how}\n`, ...sections.map(forPeople)].join('\n'));
}

/** A list of known names, separated by commas, or the word `none`. */
function namesOrNone(known: readonly string[]): Kind<readonly string[]> {
  const some = list(oneOf(known));
  return { allowed: `none, or ${some.allowed}`, parse: (text) => (text === 'none' ? [] : some.parse(text)) };
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

/** The command line that repeats the run, without the folders. */
function commandOf(reading: FlagReading<typeof flags>): string {
  const { traces: _traces, out: _out, ...told } = flags;
  const given = Object.entries<Flag<unknown>>(told).flatMap(([tableName, flag]) => {
    const name = tableName as keyof typeof told;
    if (!reading.isGiven(name)) return [];
    const value = flag.value === undefined ? [] : [quoted(reading.textOf(name))];
    return [flagName(name, flag), ...value];
  });
  return ['node bench/main.ts', ...given].join(' ');
}

/** The text as a shell takes it. */
function quoted(text: string): string {
  return /^[\w.,:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function toJson(report: BenchReport): string {
  return JSON.stringify({ verdicts: verdicts(report), ...report });
}

function forPeople({ title, notes, rows }: Section): string {
  return `${title}\n${notes.map((note) => `  ${note}\n`).join('')}${textTable(rows)}`;
}
