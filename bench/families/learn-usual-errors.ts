import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { candidates } from '../../src/forecast/core/batch/candidates.ts';
import { type RelativeErrors, relativeErrors } from '../../src/forecast/core/batch/expert-errors.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { likeM4, type WindowCuts } from '../hourly/windows.ts';
import { readTrace, traceFiles } from '../replay/trace.ts';
import { geometricMean, mean } from '../report/summary.ts';
import { mayBeLearned } from './families.ts';
import { type LearnFlags, learnFlags } from './learn-flags.ts';
import { type ScoredWindow, scoredWindows } from './scored-windows.ts';

const tableFile = fileURLToPath(new URL('../../src/forecast/core/batch/usual-errors.ts', import.meta.url));
/** Windows to learn from: more and shorter ones than those that are scored. */
const learned: WindowCuts = { fewestPoints: 384, distance: 173, atMost: 10 };

async function run({ values: { traces: folder, write } }: LearnFlags, io: CommandIo): Promise<void> {
  const traces = await Promise.all((await traceFiles(folder)).map(readTrace));
  const toLearn = traces
    .filter(({ name }) => mayBeLearned(name))
    .flatMap((trace) => scoredWindows(trace, learned));
  const toScore = traces.flatMap((trace) => scoredWindows(trace, likeM4));
  if (new Set(toLearn.map(({ family }) => family)).size < 2)
    throw new Error(
      `${folder} has no traces of two families with a window of ${learned.fewestPoints} hours; give --traces another folder`,
    );
  io.stdout(proof(toLearn, toScore));
  if (write) await writeTable(usualOf(toLearn));
}

/** Means over the windows of a trace, the traces of a family, and the families, so that each family weighs the same. */
function usualOf(windows: readonly ScoredWindow[]): RelativeErrors {
  const relative = new Map(windows.map((window) => [window, relativeErrors(window.errors)]));
  const ofTrace = grouped(windows, ({ trace }) => trace).map((own) => ({
    family: own[0]!.family,
    table: meanTable(own.map((window) => relative.get(window)!)),
  }));
  const ofFamily = grouped(ofTrace, ({ family }) => family).map((own) =>
    meanTable(own.map(({ table }) => table)),
  );
  return meanTable(ofFamily);
}

function meanTable(tables: readonly RelativeErrors[]): RelativeErrors {
  return tables[0]!.map((ofExpert, e) =>
    ofExpert.map((_, place) =>
      mean(tables.map((table) => table[e]![place]!).filter((log) => !Number.isNaN(log))),
    ),
  );
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  return [...Map.groupBy(all, keyOf).values()];
}

/** MASE with the table of the other families ÷ MASE without a table, by trace. */
function proof(toLearn: readonly ScoredWindow[], toScore: readonly ScoredWindow[]): string {
  const rows = [toLearn, toScore].flatMap((windows, i) => {
    const byTrace = grouped(windows, ({ trace }) => trace).map((own) => {
      const others = usualOf(toLearn.filter(({ family }) => family !== own[0]!.family));
      const score = (table: RelativeErrors | undefined) => mean(own.map((window) => window.mase(table)));
      return { name: own[0]!.trace, count: own.length, plain: score(undefined), drawn: score(others) };
    });
    const ratios = byTrace.map(({ plain, drawn }) => drawn / plain);
    const label = i === 0 ? 'learned from' : 'like M4';
    const row = (name: string, count: number, plain: number, drawn: number, ratio: number) => [
      label,
      name,
      String(count),
      plain.toFixed(3),
      drawn.toFixed(3),
      ratio.toFixed(3),
    ];
    const [plain, drawn] = [mean(byTrace.map((one) => one.plain)), mean(byTrace.map((one) => one.drawn))];
    return [
      ...byTrace.map((one) => row(one.name, one.count, one.plain, one.drawn, one.drawn / one.plain)),
      row('mean', windows.length, plain, drawn, drawn / plain),
      row(
        'geometric mean of ratios',
        windows.length,
        geometricMean(byTrace.map((one) => one.plain)),
        geometricMean(byTrace.map((one) => one.drawn)),
        geometricMean(ratios),
      ),
    ];
  });
  return textTable([['windows', 'trace', 'count', 'MASE', 'with the other families', 'ratio'], ...rows]);
}

async function writeTable(table: RelativeErrors): Promise<void> {
  const text = await readFile(tableFile, 'utf8');
  const rows = Object.keys(candidates).map(
    (name, e) =>
      `  ${name.includes('-') ? `'${name}'` : name}: [${table[e]!.map((log) => log.toFixed(2)).join(', ')}],\n`,
  );
  const [before, after] = text.split(/(?<=\/\/ the table\n)[\s\S]*(?=\} satisfies)/);
  await writeFile(tableFile, `${before}${rows.join('')}${after}`);
}

await runAlone(
  ownCommand({
    name: 'learn-usual-errors',
    description:
      'learn the table of usual errors of forecastSeries from the traces of a folder, and prove it',
    flags: learnFlags,
    notes: 'Each family of traces is forecast with the table of all others.',
    examples: [
      'node bench/families/learn-usual-errors.ts --traces /data/traces',
      'node bench/families/learn-usual-errors.ts --traces /data/traces --write',
    ],
    act: run,
  }),
);
