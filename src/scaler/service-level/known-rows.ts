import { copyPairs } from '../../controllers/index.ts';
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
  /** Of each row its time and its value. */
  readonly #pairs: number[] = [];

  constructor(lags: RowLags) {
    this.#scrapeIntervalSeconds = lags.scrapeIntervalSeconds;
    this.#delaySeconds = rowDelaySeconds(lags);
  }

  get newestSeconds(): number {
    return this.#pairs[this.#pairs.length - 2] ?? Number.NEGATIVE_INFINITY;
  }

  copyState(copier: StateCopier): void {
    copyPairs(copier, this.#pairs);
  }

  push(seconds: number, value: number): void {
    const pairs = this.#pairs;
    const keptSeconds = this.#delaySeconds + this.#scrapeIntervalSeconds + minuteSeconds;
    pairs.push(seconds, value);
    // Two rows stay, whatever their times are.
    let over = 0;
    while (pairs.length - over > 4 && (pairs[over + 2] ?? 0) < seconds - keptSeconds) over += 2;
    if (over > 0) pairs.splice(0, over);
  }

  clear(): void {
    this.#pairs.length = 0;
  }

  demandAt(nowSeconds: number): number {
    const pairs = this.#pairs;
    const newest = pairs[pairs.length - 2] ?? 0;
    const stepSeconds = newest - (pairs[pairs.length - 4] ?? Number.NEGATIVE_INFINITY);
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
    const pairs = this.#pairs;
    let after = pairs.length - 2;
    if (after < 0) return Number.NaN;
    while (after > 0 && (pairs[after - 2] ?? 0) >= seconds) after -= 2;
    const toSeconds = pairs[after] ?? 0;
    const to = pairs[after + 1] ?? Number.NaN;
    if (after === 0 || seconds >= toSeconds) return to;
    const fromSeconds = pairs[after - 2] ?? toSeconds;
    const from = pairs[after - 1] ?? to;
    return from + ((to - from) * Math.max(0, seconds - fromSeconds)) / (toSeconds - fromSeconds);
  }
}
