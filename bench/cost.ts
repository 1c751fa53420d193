import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createForecaster, type Forecaster } from '../src/forecast/core/index.ts';
import { createRandom } from '../src/load-shapes/index.ts';

export interface CostResult {
  /** CPU time, median over batches, one series of 5 min rows after 28 days. */
  readonly observeMicroseconds: number;
  readonly observeAndForecastMicroseconds: number;
  /** 28 days at 5 min (8064 rows) until the first forecast; median of runs. */
  readonly coldStartMs: number;
  readonly kilobytesPerSeries: number;
  /** Total observe cost against rows observed. */
  readonly bySamples: readonly { readonly rows: number; readonly milliseconds: number }[];
  /** Cost of one step of every workload (observe + forecast), and their memory. */
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

/** Days alike with noise of counts, quieter at weekends: what it costs does not depend on what it looks like. */
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

/** What one series costs in time and memory, and how both grow. `isShort` measures less of each. */
export function measureCost({ isShort }: { readonly isShort: boolean }): CostResult {
  const { forecaster, step } = warmed(coldRows, 1);
  const answer = () => void forecaster.forecast({ horizonSteps });
  const batches = isShort ? 9 : 31;
  const perStep = (run: () => void, count: number) =>
    medianOf(batches, () => (1000 * timed(() => repeat(count, run))) / count);
  const observeMicroseconds = perStep(step, 120);
  const observeAndForecastMicroseconds = perStep(() => {
    step();
    answer();
  }, 60);
  const coldStartMs = medianOf(isShort ? 3 : 7, () =>
    timed(() => void warmed(coldRows, 2).forecaster.forecast({ horizonSteps })),
  );
  const sampleDays = isShort ? [7, 14, 28] : [7, 14, 28, 56, 112];
  const byWorkloads = costOfWorkloads(isShort ? [10, 20, 40] : [50, 100, 150, 200]);
  const [fewest, most] = [byWorkloads[0], byWorkloads.at(-1)];
  return {
    observeMicroseconds,
    observeAndForecastMicroseconds,
    coldStartMs,
    // The slope, so that what all share (code, tables) is not counted.
    kilobytesPerSeries:
      ((most?.kilobytes ?? 0) - (fewest?.kilobytes ?? 0)) /
      ((most?.workloads ?? 0) - (fewest?.workloads ?? 0)),
    bySamples: sampleDays.map((days) => ({
      rows: days * dayRows,
      milliseconds: medianOf(isShort ? 1 : 3, () => timed(() => void warmed(days * dayRows, 3))),
    })),
    byWorkloads,
  };
}

/** Fifteen days each, then a step for all of them; the same ones are there when more are added. */
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

/** Heap and array buffers after a full collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function repeat(count: number, run: () => void): void {
  for (let i = 0; i < count; i++) run();
}

/** CPU milliseconds of the whole process, collector and compiler with it: waiting for other programs of the machine is no cost of ours. */
function timed(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Other work of the machine slows even the CPU down: the median of several is steadier than their mean. */
function medianOf(runs: number, measure: () => number): number {
  const all = Array.from({ length: runs }, measure).sort((a, b) => a - b);
  return all[Math.floor(runs / 2)] ?? Number.NaN;
}
