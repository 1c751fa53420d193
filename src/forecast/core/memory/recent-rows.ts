import type { StateCopier } from './state-copier.ts';

/** The newest rows as they came, finer than the grid: peaks are measured on them. Times are unix seconds. */
export class RecentRows {
  readonly #stepSeconds: number;
  readonly #capacity: number;
  readonly #times: Float64Array;
  // A value that was cut off at capacity, v, is kept as −1 − v.
  readonly #values: Float64Array;
  #next = 0;

  /** Remembers the rows of `spanSeconds`, which are `stepSeconds` apart. */
  constructor(stepSeconds: number, spanSeconds: number) {
    this.#stepSeconds = stepSeconds;
    this.#capacity = Math.ceil(spanSeconds / stepSeconds) + 2;
    this.#times = new Float64Array(this.#capacity).fill(Number.NEGATIVE_INFINITY);
    this.#values = new Float64Array(this.#capacity);
  }

  copyState(copier: StateCopier): void {
    copier.numbers(this.#times);
    copier.numbers(this.#values);
    this.#next = copier.number(this.#next);
  }

  /** Adds a row that is newer than all others; `isCensored`: demand was cut off at capacity. */
  push(unixSeconds: number, value: number, isCensored = false): void {
    this.#times[this.#next] = unixSeconds;
    this.#values[this.#next] = isCensored ? -1 - value : value;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
  }

  /** The largest row in (from, to], whatever it is worth; 0 where there is none. */
  highest(fromSeconds: number, toSeconds: number): number {
    let highest = 0;
    for (let back = 1, index = this.#next; back <= this.#capacity; back++) {
      index = index === 0 ? this.#capacity - 1 : index - 1;
      const time = this.#times[index]!;
      if (time <= fromSeconds) break;
      const value = this.#values[index]!;
      if (time <= toSeconds) highest = Math.max(highest, value < 0 ? -1 - value : value);
    }
    return highest;
  }

  /**
   * The largest row in (from, to]. NaN where it is unknown: fewer than half of the rows of that span are there, or one of
   * them was cut off at capacity. A single row above `credible` is an artefact, mostly of a counter that was reset: it
   * counts as the higher of the rows beside it. A row above `incredible` does not count at all.
   */
  largest(
    fromSeconds: number,
    toSeconds: number,
    credible: number = Number.POSITIVE_INFINITY,
    incredible: number = Number.POSITIVE_INFINITY,
  ): number {
    const values = this.#values;
    const capacity = this.#capacity;
    let largest = 0;
    let later = 0;
    let count = 0;
    for (let back = 1, index = this.#next; back <= capacity; back++) {
      index = index === 0 ? capacity - 1 : index - 1;
      const time = this.#times[index]!;
      if (time <= fromSeconds) break;
      const value = values[index]!;
      const beside = later;
      later = value;
      if (time > toSeconds) continue;
      if (value < 0) return Number.NaN;
      if (value > incredible) continue;
      count++;
      if (value <= largest) continue;
      const earlier = values[index === 0 ? capacity - 1 : index - 1]!;
      largest = value > credible ? Math.max(largest, Math.min(value, Math.max(earlier, beside))) : value;
    }
    return count * 2 * this.#stepSeconds >= toSeconds - fromSeconds ? largest : Number.NaN;
  }
}
