import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createForecaster, type Forecaster } from '../src/forecast/core/index.ts';
import { judgedSpanOf } from '../src/forecast/snapshots/far-past.ts';
import { createRandom } from '../src/load-shapes/index.ts';

export interface CostResult {
  /** Series of 5 min rows after 28 days that are asked in turn, as a server asks them: never the same one twice in a row. */
  readonly series: number;
  /** Median CPU time of one row of one of them, over rounds. */
  readonly observeMicroseconds: number;
  readonly observeAndForecastMicroseconds: number;
  /** Median CPU time of the question behind a decision: the bound of the peak within a decision window. */
  readonly peakMicroseconds: number;
  /** Median CPU time of learning 28 days at 5 min (8064 rows) as a server does that reads them for the first time, and the first forecast. */
  readonly coldStartMs: number;
  readonly kilobytesPerSeries: number;
  /** CPU time of observing all rows of a new series, by number of rows. */
  readonly bySamples: readonly { readonly rows: number; readonly milliseconds: number }[];
  /** CPU time of one step of every workload (observe and forecast), and the memory of all, by number of workloads. */
  readonly byWorkloads: readonly {
    readonly workloads: number;
    readonly milliseconds: number;
    readonly kilobytes: number;
  }[];
}

const stepSeconds = 300;
const dayRows = 288;
const coldRows = 28 * dayRows;
const horizonSteps = 288;
/** The window of the usual lead time and lags, and what a decision asks of it. */
const decisionWindow = { windowSeconds: 310, quantiles: [0.5, 0.99] } as const;
/** The newest row is older at each decision, up to the next row. */
const leadsSeconds = Array.from({ length: 30 }, (_, decision) => 60 + 10 * decision);

/** Demand of similar days with noise, lower at weekends; costs do not depend on its shape. */
function demandRow(row: number, random: () => number): number {
  const day = Math.floor(row / dayRows);
  const level = 200 + 150 * Math.sin((2 * Math.PI * row) / dayRows) + (day % 7 > 4 ? -40 : 0);
  return level + Math.sqrt(level) * (random() + random() - 1);
}

function warmed(rows: number, seed: number): { readonly forecaster: Forecaster; readonly step: () => void } {
  const forecaster = createForecaster({ stepSeconds });
  const random = createRandom(seed);
  let row = 0;
  const step = () => {
    row++;
    forecaster.observe(row * stepSeconds, demandRow(row, random));
  };
  for (let i = 0; i < rows; i++) step();
  return { forecaster, step };
}

/** A history that is read for the first time, of which a server judges the end. */
function coldStarted(): Forecaster {
  const { forecaster, step } = warmed(0, 2);
  const timestamps = Float64Array.from({ length: coldRows }, (_, row) => (row + 1) * stepSeconds);
  forecaster.judgeFrom(judgedSpanOf(forecaster, timestamps)?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  for (let row = 0; row < coldRows; row++) step();
  return forecaster;
}

/** Measures the cost of one series in time and memory, and how both grow. `isShort` takes fewer measurements. */
export function measureCost({ isShort }: { readonly isShort: boolean }): CostResult {
  // More than there are engines that series take turns in.
  const fleet = Array.from({ length: isShort ? 12 : 100 }, (_, index) => warmed(coldRows, index));
  const inTurn = (run: (one: (typeof fleet)[number]) => void) =>
    medianOf(isShort ? 9 : 31, () => (1000 * timed(() => fleet.forEach(run))) / fleet.length);
  const observeMicroseconds = inTurn(({ step }) => step());
  const observeAndForecastMicroseconds = inTurn(({ forecaster, step }) => {
    step();
    forecaster.forecast({ horizonSteps });
  });
  let decisions = 0;
  const peakMicroseconds = inTurn(({ forecaster }) => {
    const leadSeconds = leadsSeconds[Math.floor(decisions++ / fleet.length) % leadsSeconds.length]!;
    forecaster.peak({ ...decisionWindow, leadSeconds });
  });
  const coldStartMs = medianOf(isShort ? 3 : 7, () =>
    timed(() => void coldStarted().forecast({ horizonSteps })),
  );
  const sampleDays = isShort ? [7, 14, 28] : [7, 14, 28, 56, 112];
  const byWorkloads = costOfWorkloads(isShort ? [10, 20, 40] : [50, 100, 150, 200]);
  const [fewest, most] = [byWorkloads[0]!, byWorkloads.at(-1)!];
  return {
    series: fleet.length,
    observeMicroseconds,
    observeAndForecastMicroseconds,
    peakMicroseconds,
    coldStartMs,
    // The slope, so that memory that all series share (code, tables) is not counted.
    kilobytesPerSeries: (most.kilobytes - fewest.kilobytes) / (most.workloads - fewest.workloads),
    bySamples: sampleDays.map((days) => ({
      rows: days * dayRows,
      milliseconds: medianOf(isShort ? 1 : 3, () => timed(() => void warmed(days * dayRows, 3))),
    })),
    byWorkloads,
  };
}

/** Costs of a step of all workloads after fifteen days each; workloads are added to those that are there. */
function costOfWorkloads(counts: readonly number[]): CostResult['byWorkloads'] {
  const before = usedBytes();
  const series: ReturnType<typeof warmed>[] = [];
  return counts.map((workloads) => {
    while (series.length < workloads) series.push(warmed(15 * dayRows + 12, series.length));
    const kilobytes = (usedBytes() - before) / 1024;
    const milliseconds = medianOf(5, () =>
      timed(() => {
        for (const { forecaster, step } of series) {
          step();
          forecaster.forecast({ horizonSteps });
        }
      }),
    );
    return { workloads, milliseconds, kilobytes };
  });
}

/** Bytes of heap and array buffers in use after a full garbage collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * CPU milliseconds of the whole process, garbage collector and compiler included; waiting for other programs does not count.
 */
function timed(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Median of several measurements, which other work on the machine changes less than their mean. */
function medianOf(runs: number, measure: () => number): number {
  const all = Array.from({ length: runs }, measure).sort((a, b) => a - b);
  return all[Math.floor(runs / 2)]!;
}
