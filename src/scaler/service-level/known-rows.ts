import type { StateCopier, Stateful } from '../../forecast/index.ts';

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
  return new NewestRows(lags);
}

/** A class, as StartingFleet of the controllers is. */
class NewestRows implements KnownRows {
  readonly #scrapeIntervalSeconds: number;
  readonly #delaySeconds: number;
  readonly #times: number[] = [];
  readonly #values: number[] = [];

  constructor(lags: RowLags) {
    this.#scrapeIntervalSeconds = lags.scrapeIntervalSeconds;
    this.#delaySeconds = rowDelaySeconds(lags);
  }

  get newestSeconds(): number {
    return this.#times[this.#times.length - 1] ?? Number.NEGATIVE_INFINITY;
  }

  copyState(copier: StateCopier): void {
    copier.list(this.#times);
    copier.list(this.#values);
  }

  push(seconds: number, value: number): void {
    const times = this.#times;
    const keptSeconds = this.#delaySeconds + this.#scrapeIntervalSeconds + minuteSeconds;
    times.push(seconds);
    this.#values.push(value);
    while (times.length > 2 && (times[1] ?? 0) < seconds - keptSeconds) {
      times.shift();
      this.#values.shift();
    }
  }

  clear(): void {
    this.#times.length = 0;
    this.#values.length = 0;
  }

  demandAt(nowSeconds: number): number {
    const times = this.#times;
    const newest = times[times.length - 1] ?? 0;
    const stepSeconds = newest - (times[times.length - 2] ?? Number.NEGATIVE_INFINITY);
    const partSeconds = Math.min(minuteSeconds, stepSeconds);
    // The part of a row that this moment belongs to, counted from the newest row, so that whole rows are whole parts.
    const parts = Math.floor((newest - nowSeconds - this.#delaySeconds) / partSeconds);
    return this.#valueAt(newest - parts * partSeconds);
  }

  observedAt(nowSeconds: number): number {
    return this.#valueAt(nowSeconds - this.#scrapeIntervalSeconds);
  }

  /** The value on the line through the rows; that of the first or last row beyond them. */
  #valueAt(seconds: number): number {
    const times = this.#times;
    const values = this.#values;
    let after = times.length - 1;
    if (after < 0) return Number.NaN;
    while (after > 0 && (times[after - 1] ?? 0) >= seconds) after--;
    const toSeconds = times[after] ?? 0;
    const to = values[after] ?? Number.NaN;
    if (after === 0 || seconds >= toSeconds) return to;
    const fromSeconds = times[after - 1] ?? toSeconds;
    const from = values[after - 1] ?? to;
    return from + ((to - from) * Math.max(0, seconds - fromSeconds)) / (toSeconds - fromSeconds);
  }
}
