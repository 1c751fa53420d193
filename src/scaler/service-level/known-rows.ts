import type { Stateful } from '../../forecast/index.ts';

/** Demand changes once a minute at most; between rows that are farther apart it lies on a line. */
const minuteSeconds = 60;

/** Rows of the history without a gap, and what they say about the moments between them. */
export interface KnownRows extends Stateful {
  /** Unix seconds of the newest row; −Infinity where there is none. */
  readonly newestSeconds: number;
  /** Adds the next row. */
  push(seconds: number, value: number): void;
  /** Forgets all rows, because the next one does not follow them. */
  clear(): void;
  /** Demand at a moment, which rows about the time around it tell. */
  demandAt(nowSeconds: number): number;
  /** What a query showed at a moment: its value as of the scrape before. */
  observedAt(nowSeconds: number): number;
}

/** How rows and demand hang together in time, seconds. */
export interface RowLags {
  /** Span of time that one row sums up. */
  readonly rateWindowSeconds: number;
  /** Age of the newest scrape. */
  readonly scrapeIntervalSeconds: number;
}

/**
 * How much later than the minute that it is about a row is known, seconds: the value of a rate over five minutes is about the
 * demand of two minutes ago.
 */
export function rowDelaySeconds({ rateWindowSeconds }: RowLags): number {
  return Math.max(0, (rateWindowSeconds - minuteSeconds) / 2);
}

export function createKnownRows(lags: RowLags): KnownRows {
  const delaySeconds = rowDelaySeconds(lags);
  const keptSeconds = delaySeconds + lags.scrapeIntervalSeconds + minuteSeconds;
  const times: number[] = [];
  const values: number[] = [];

  /** The value on the line through the rows; that of the first or last row beyond them. */
  function valueAt(seconds: number): number {
    let after = times.length - 1;
    while (after > 0 && (times[after - 1] ?? 0) >= seconds) after--;
    const [toSeconds = 0, to = Number.NaN] = [times[after], values[after]];
    const [fromSeconds = toSeconds, from = to] = [times[after - 1], values[after - 1]];
    if (seconds >= toSeconds || fromSeconds === toSeconds) return to;
    return from + ((to - from) * Math.max(0, seconds - fromSeconds)) / (toSeconds - fromSeconds);
  }

  return {
    get newestSeconds() {
      return times.at(-1) ?? Number.NEGATIVE_INFINITY;
    },
    push(seconds, value) {
      times.push(seconds);
      values.push(value);
      while (times.length > 2 && (times[1] ?? 0) < seconds - keptSeconds) {
        times.shift();
        values.shift();
      }
    },
    copyState(copier) {
      copier.list(times);
      copier.list(values);
    },
    clear() {
      times.length = 0;
      values.length = 0;
    },
    demandAt(nowSeconds) {
      const newest = times.at(-1) ?? 0;
      const stepSeconds = newest - (times.at(-2) ?? Number.NEGATIVE_INFINITY);
      const partSeconds = Math.min(minuteSeconds, stepSeconds);
      // The part of a row that this moment belongs to, counted from the newest row, so that whole rows are whole parts.
      const parts = Math.floor((newest - nowSeconds - delaySeconds) / partSeconds);
      return valueAt(newest - parts * partSeconds);
    },
    observedAt: (nowSeconds) => valueAt(nowSeconds - lags.scrapeIntervalSeconds),
  };
}
