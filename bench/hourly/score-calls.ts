import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import {
  forecastSeries,
  forecastSeriesTogether,
  type SeriesForecast,
} from '../../src/forecast/core/index.ts';
import { someText } from '../../src/platform/setting-values.ts';
import { textTable } from '../../src/platform/terminal/text-table.ts';
import { geometricMean, mean } from '../report/summary.ts';
import { type CallSeries, readCall } from './call-file.ts';
import { scoreHourly, weightedQuantileLoss } from './hourly-score.ts';
import { deciles, forecastOptions, seasonSteps } from './windows.ts';

const flags = {
  calls: {
    value: 'folder',
    variable: 'FORESCALE_CALLS',
    meaning: 'CSV files, each the series of one call',
    ...someText,
  },
} as const satisfies FlagTable;

async function run({ values: { calls } }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const files = calls === undefined ? [] : await callFiles(calls);
  if (files.length === 0)
    io.stdout(`0 calls measured, all skipped: no CSV file in ${calls ?? 'FORESCALE_CALLS'}\n`);
  else io.stdout(await tableOf(files));
}

async function callFiles(from: string): Promise<string[]> {
  const names = await readdir(from).catch((): string[] => []);
  return names
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => join(from, name));
}

async function tableOf(all: readonly string[]): Promise<string> {
  const rows: string[][] = [];
  const maseRatios: number[] = [];
  const lossRatios: number[] = [];
  for (const file of all) {
    const series = await readCall(file);
    const pasts = series.map(({ past }) => past);
    const alone = timed(() => pasts.map((past) => forecastSeries(past, forecastOptions)));
    const together = timed(() => forecastSeriesTogether(pasts, forecastOptions));
    const [one, many] = [scoreOf(series, alone.answer), scoreOf(series, together.answer)];
    maseRatios.push(many.mase / one.mase);
    lossRatios.push(many.loss / one.loss);
    const cells = ({ mase, smape, loss, covered }: CallScore, seconds: number) => [
      mase.toFixed(3),
      smape.toFixed(2),
      loss.toFixed(4),
      covered.toFixed(3),
      seconds.toFixed(1),
    ];
    const label = [basename(file, '.csv'), String(series.length)];
    rows.push([...label, 'one at a time', ...cells(one, alone.seconds), '', '']);
    const ratios = [many.mase / one.mase, many.loss / one.loss].map((ratio) => ratio.toFixed(3));
    rows.push([...label, 'many at once', ...cells(many, together.seconds), ...ratios]);
  }
  const means = [maseRatios, lossRatios].map((ratios) => geometricMean(ratios).toFixed(3));
  return textTable([
    ['call', 'series', 'forecast', 'MASE', 'sMAPE', 'WQL', '95 % covers', 'CPU s', 'MASE ÷', 'WQL ÷'],
    ...rows,
    ['geometric mean', '', '', '', '', '', '', '', ...means],
  ]);
}

/** An answer and the CPU time it took: wall time would tell how busy the machine is. */
function timed<T>(make: () => T): { readonly answer: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const answer = make();
  const { user, system } = process.cpuUsage(before);
  return { answer, seconds: (user + system) / 1e6 };
}

interface CallScore {
  readonly mase: number;
  readonly smape: number;
  /** Weighted quantile loss of the deciles: the mean over the series. */
  readonly loss: number;
  /** Share of the values within the central 95 % interval. */
  readonly covered: number;
}

/** Mean scores over the series whose past is not the same every day. */
function scoreOf(series: readonly CallSeries[], forecasts: readonly SeriesForecast[]): CallScore {
  const scores = series.flatMap(({ past, truth }, i) => {
    const { median, quantiles } = forecasts[i]!;
    const { mase, smape } = scoreHourly(past, truth, median, seasonSteps);
    const loss = weightedQuantileLoss(truth, quantiles, deciles);
    const known = truth.filter((value) => !Number.isNaN(value)).length;
    const within = truth.filter(
      (value, h) => value >= quantiles['0.025']![h]! && value <= quantiles['0.975']![h]!,
    ).length;
    return Number.isFinite(mase) && Number.isFinite(loss)
      ? [{ mase, smape, loss, covered: within / known }]
      : [];
  });
  const meanOf = (key: keyof CallScore) => mean(scores.map((score) => score[key]));
  return { mase: meanOf('mase'), smape: meanOf('smape'), loss: meanOf('loss'), covered: meanOf('covered') };
}

await runAlone(
  ownCommand({
    name: 'score-calls',
    description: 'forecast calls of many hourly series 48 hours ahead: one series at a time, and all at once',
    flags,
    notes:
      'A file has a line for each series: its name and its values, oldest first, the last 48 of which are to be forecast.\nA folder that is not there is skipped with a line that says so.',
    examples: ['node bench/hourly/score-calls.ts --calls /data/calls'],
    act: run,
  }),
);
