import type { Forecaster } from '../src/forecast/core/index.ts';
import { judgedSpanOf } from '../src/forecast/snapshots/far-past.ts';
import {
  type CostInTurn,
  costInTurn,
  type Learner,
  learn,
  learnerOf,
  type MemoryOfSeries,
  memoryOfSeries,
  newLearner,
} from './cost-fleet.ts';
import { medianOf, timed, usedBytes } from './measure.ts';
import { createTurns, type Turn } from './turns.ts';

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
async function coldStarted(turn: Turn): Promise<Forecaster> {
  const learner = newLearner(2, stepSeconds);
  const { forecaster } = learner;
  const timestamps = Float64Array.from({ length: coldRows }, (_, row) => (row + 1) * stepSeconds);
  forecaster.judgeFrom(judgedSpanOf(forecaster, timestamps)?.fromSeconds ?? Number.NEGATIVE_INFINITY);
  await learn(learner, coldRows, turn);
  return forecaster;
}

/** Measures the cost of one series in time and memory, and how both grow. `isShort` takes fewer measurements. */
export async function measureCost({
  isShort,
  signal,
}: {
  readonly isShort: boolean;
  readonly signal?: AbortSignal | undefined;
}): Promise<CostResult> {
  const turn = createTurns(signal);
  const timeOf = (runs: number, run: () => Promise<unknown>) =>
    medianOf(runs, () => timed(async () => void (await run())), turn);
  const coldStartMs = await timeOf(isShort ? 3 : 7, async () =>
    (await coldStarted(turn)).forecast({ horizonSteps }),
  );
  const inTurn: CostInTurn[] = [];
  for (const series of isShort ? [10, 70] : [60, 200]) inTurn.push(await costInTurn(series, turn));
  const memory: MemoryOfSeries[] = [];
  for (const rowSeconds of [300, 60])
    for (const days of [1 / 24, 15]) memory.push(await memoryOfSeries(rowSeconds, days, turn));
  const bySamples: { readonly rows: number; readonly milliseconds: number }[] = [];
  for (const days of isShort ? [7, 14, 28] : [7, 14, 28, 56, 112]) {
    const rows = days * dayRows;
    const milliseconds = await timeOf(isShort ? 1 : 3, () => learnerOf(rows, 3, stepSeconds, { turn }));
    bySamples.push({ rows, milliseconds });
  }
  const byWorkloads = await costOfWorkloads(isShort ? [10, 20, 40] : [50, 100, 150, 200], turn);
  return { inTurn, memory, coldStartMs, bySamples, byWorkloads };
}

/** Costs of a step of all workloads after fifteen days each; workloads are added to those that are there. */
async function costOfWorkloads(counts: readonly number[], turn: Turn): Promise<CostResult['byWorkloads']> {
  // What all series share comes with this one, which lives as long as they do.
  const first = await learnerOf(1, 0, stepSeconds, { turn });
  const fleet = { first, series: [] as Learner[] };
  const { series } = fleet;
  const before = await usedBytes();
  const costs: CostResult['byWorkloads'][number][] = [];
  const stepAll = () => {
    for (const { forecaster, step } of fleet.series) {
      step();
      forecaster.forecast({ horizonSteps });
    }
  };
  for (const workloads of counts) {
    while (series.length < workloads)
      series.push(await learnerOf(15 * dayRows + 12, series.length, stepSeconds, { turn }));
    const kilobytes = ((await usedBytes()) - before) / 1024;
    const milliseconds = await medianOf(5, () => timed(stepAll), turn);
    costs.push({ workloads, milliseconds, kilobytes });
  }
  return costs;
}
