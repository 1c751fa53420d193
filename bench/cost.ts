import type { Forecaster } from '../src/forecast/core/index.ts';
import { judgedSpanOf } from '../src/forecast/snapshots/far-past.ts';
import {
  type CostInTurn,
  costInTurn,
  type Learner,
  learnerOf,
  type MemoryOfSeries,
  memoryOfSeries,
} from './cost-fleet.ts';
import { medianOf, timed, usedBytes } from './measure.ts';

export interface CostResult {
  /** By number of series: fewer than there are engines to take turns in, and more. */
  readonly inTurn: readonly CostInTurn[];
  readonly memory: readonly MemoryOfSeries[];
  /** Median CPU time of learning 28 days at 5 min (8064 rows) as a server does that reads them for the first time, and the first forecast. */
  readonly coldStartMs: number;
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

/** A history that is read for the first time, of which a server judges the end. */
function coldStarted(): Forecaster {
  const { forecaster, step } = learnerOf(0, 2, stepSeconds);
  const timestamps = Float64Array.from({ length: coldRows }, (_, row) => (row + 1) * stepSeconds);
  forecaster.judgeFrom(judgedSpanOf(forecaster, timestamps)?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  for (let row = 0; row < coldRows; row++) step();
  return forecaster;
}

/** Measures the cost of one series in time and memory, and how both grow. `isShort` takes fewer measurements. */
export function measureCost({ isShort }: { readonly isShort: boolean }): CostResult {
  const coldStartMs = medianOf(isShort ? 3 : 7, () =>
    timed(() => void coldStarted().forecast({ horizonSteps })),
  );
  const sampleDays = isShort ? [7, 14, 28] : [7, 14, 28, 56, 112];
  return {
    inTurn: (isShort ? [10, 70] : [60, 200]).map(costInTurn),
    memory: [300, 60].flatMap(memoryOfSeries),
    coldStartMs,
    bySamples: sampleDays.map((days) => ({
      rows: days * dayRows,
      milliseconds: medianOf(isShort ? 1 : 3, () =>
        timed(() => void learnerOf(days * dayRows, 3, stepSeconds)),
      ),
    })),
    byWorkloads: costOfWorkloads(isShort ? [10, 20, 40] : [50, 100, 150, 200]),
  };
}

/** Costs of a step of all workloads after fifteen days each; workloads are added to those that are there. */
function costOfWorkloads(counts: readonly number[]): CostResult['byWorkloads'] {
  const before = usedBytes();
  const series: Learner[] = [];
  return counts.map((workloads) => {
    while (series.length < workloads) series.push(learnerOf(15 * dayRows + 12, series.length, stepSeconds));
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
