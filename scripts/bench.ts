import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { geometricMean } from 'simple-statistics';
import { backtest } from '../src/forecast/backtest.ts';
import { type HorizonScore, scoreBacktest } from '../src/forecast/backtest-score.ts';
import { createForecaster } from '../src/forecast/core/index.ts';
import { readCsvHistory } from '../src/forecast/history/csv.ts';
import type { History } from '../src/forecast/history/source.ts';

/**
 * Forecasts every trace of a folder from its middle on and prints, by horizon, the error of the median ÷ that of the
 * best in hindsight of persistence, daily and weekly naive at the same origins; then what a row costs.
 */
const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: process.env['FORESCALE_TRACES'] ?? '../shared/traces' },
    every: { type: 'string', default: '3600' },
    help: { type: 'boolean', default: false },
  },
});
const horizonsSeconds = [300, 1800, 3600, 10_800, 21_600, 86_400];
const quantiles = [0.5, 0.9, 0.95, 0.99];

if (values.help) {
  console.log('node scripts/bench.ts [--traces DIR] [--every SECONDS between origins]');
} else {
  await bench(values.traces, Number(values.every));
}

async function bench(folder: string, everySeconds: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const traces = names.filter((name) => name.endsWith('.csv')).sort();
  if (traces.length === 0) {
    console.log(`skipped, counted: no *.csv in ${folder}; give --traces DIR or FORESCALE_TRACES`);
    return;
  }
  console.log(
    `${'trace'.padEnd(34)}${horizonsSeconds.map((seconds) => label(seconds).padStart(8)).join('')}  µs/row`,
  );
  const ratios = horizonsSeconds.map(() => [] as number[]);
  for (const name of traces) {
    const history = await readCsvHistory(join(folder, name));
    const scores = scoreTrace(history, everySeconds);
    const row = horizonsSeconds.map((seconds, index) => {
      const ratio = relativeError(scores.find((score) => score.horizonSeconds === seconds));
      if (ratio !== undefined) ratios[index]?.push(ratio);
      return (ratio?.toFixed(2) ?? '–').padStart(8);
    });
    console.log(
      `${name.replace('.csv', '').padEnd(34)}${row.join('')}${microsecondsPerRow(history).toFixed(0).padStart(8)}`,
    );
  }
  const means = ratios.map((row) => (row.length === 0 ? '–' : geometricMean(row).toFixed(2)).padStart(8));
  console.log(`${'geometric mean'.padEnd(34)}${means.join('')}`);
}

function scoreTrace(history: History, everySeconds: number): HorizonScore[] {
  const { timestamps, stepSeconds } = history;
  const first = timestamps[0] ?? 0;
  const fromSeconds = (first + (timestamps.at(-1) ?? first)) / 2;
  const { gridSeconds } = createForecaster({ stepSeconds });
  const lines = [
    ...backtest(history, { fromSeconds, everySeconds, horizonsSeconds, windowsSeconds: [], quantiles }),
  ];
  return scoreBacktest(history, lines, horizonsSeconds, gridSeconds);
}

function relativeError(score: HorizonScore | undefined): number | undefined {
  if (score === undefined || score.count < 24) return undefined;
  const rivals = [score.persistenceWape, score.dailyNaiveWape, score.weeklyNaiveWape].filter(
    (wape) => wape > 0,
  );
  return rivals.length === 0 ? undefined : score.wape / Math.min(...rivals);
}

function microsecondsPerRow({ timestamps, values: rows, stepSeconds }: History): number {
  const forecaster = createForecaster({ stepSeconds });
  const startedMs = performance.now();
  for (const [index, time] of timestamps.entries()) forecaster.observe(time, rows[index] ?? Number.NaN);
  return ((performance.now() - startedMs) * 1000) / timestamps.length;
}

function label(seconds: number): string {
  return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}
