import type { Stateful } from '../memory/state-copier.ts';

export const daySeconds = 86_400;
/** A season of this many steps keeps its shape: five minutes of a day. */
const stepsPerSeason = 288;
const coarsestGridSeconds = 300;

/**
 * Step of the model, seconds. Rows that are five minutes or more apart keep their own step, finer rows get five minutes; with
 * a season shorter than a day the step is a 288th of the season, in whole rows.
 */
export function gridSecondsFor(stepSeconds: number, shortestSeasonSeconds: number = daySeconds): number {
  if (stepSeconds >= coarsestGridSeconds) return stepSeconds;
  if (shortestSeasonSeconds >= daySeconds) return coarsestGridSeconds;
  return Math.max(1, Math.floor(shortestSeasonSeconds / stepsPerSeason / stepSeconds)) * stepSeconds;
}

/** Nobody's demand is higher in any unit; sums and squares of it stay finite. */
const largestDemand = 1e30;

/** Smaller demand is noise of arithmetic, in any unit, and no level to measure by: it counts as none. */
const leastDemand = 1e-9;

/** The demand of a row's value; NaN = missing, which every value is that cannot be demand. */
export function demandOf(value: number): number {
  if (!(value >= 0 && value <= largestDemand)) return Number.NaN;
  return value < leastDemand ? 0 : value;
}

/** Averages rows onto the grid. */
interface GridAggregator extends Stateful {
  add(unixSeconds: number, value: number, isCensored?: boolean): void;
}

/**
 * Averages rows onto the grid; `add` takes rows that are each newer than any before. `close` is called once for every grid
 * time, in order. The value at grid time G is the mean of the rows in (G − grid, G], NaN when fewer than half of them exist;
 * one censored row censors it. Grid times are unix multiples; where a row is a grid step they have the phase of the first
 * row instead.
 */
export function createGridAggregator(
  stepSeconds: number,
  gridSeconds: number,
  close: (gridTime: number, value: number, isCensored: boolean) => void,
): GridAggregator {
  const needed = Math.ceil(gridSeconds / stepSeconds / 2);
  let open = Number.NaN;
  let sum = 0;
  let count = 0;
  let isOpenCensored = false;

  function closeOpen(): void {
    close(open, count >= needed ? sum / count : Number.NaN, isOpenCensored);
    open += gridSeconds;
    sum = 0;
    count = 0;
    isOpenCensored = false;
  }

  return {
    add(unixSeconds, value, isCensored = false) {
      if (Number.isNaN(open)) {
        const phase = stepSeconds === gridSeconds ? unixSeconds % gridSeconds : 0;
        open = Math.ceil((unixSeconds - phase) / gridSeconds) * gridSeconds + phase;
      }
      while (unixSeconds > open) closeOpen();
      const demand = demandOf(value);
      if (!Number.isNaN(demand)) {
        sum += demand;
        count++;
        isOpenCensored ||= isCensored;
      }
      if (unixSeconds === open) closeOpen();
    },
    copyState(copier) {
      open = copier.number(open);
      sum = copier.number(sum);
      count = copier.number(count);
      isOpenCensored = copier.flag(isOpenCensored);
    },
  };
}

/** Averages a whole history onto the grid as {@link createGridAggregator} does; missing grid values are left out. */
export function gridValues(
  rows: {
    readonly timestamps: ArrayLike<number>;
    readonly values: ArrayLike<number>;
    readonly stepSeconds: number;
  },
  gridSeconds: number,
): { readonly timestamps: Float64Array; readonly values: Float64Array } {
  const timestamps: number[] = [];
  const values: number[] = [];
  const aggregator = createGridAggregator(rows.stepSeconds, gridSeconds, (gridTime, value) => {
    if (Number.isNaN(value)) return;
    timestamps.push(gridTime);
    values.push(value);
  });
  for (let i = 0; i < rows.timestamps.length; i++) aggregator.add(rows.timestamps[i]!, rows.values[i]!);
  return { timestamps: Float64Array.from(timestamps), values: Float64Array.from(values) };
}
