/** The newest rows as they came, finer than the grid: what peaks are measured on. */
export class RecentRows {
  newest = 0;
  readonly #stepSeconds: number;
  readonly #capacity: number;
  readonly #times: Float64Array;
  // Of a row that was cut off, its value below zero.
  readonly #values: Float64Array;
  #next = 0;

  constructor(stepSeconds: number, spanSeconds: number) {
    this.#stepSeconds = stepSeconds;
    this.#capacity = Math.ceil(spanSeconds / stepSeconds) + 2;
    this.#times = new Float64Array(this.#capacity).fill(Number.NEGATIVE_INFINITY);
    this.#values = new Float64Array(this.#capacity);
  }

  push(unixSeconds: number, value: number, isCensored = false): void {
    this.#times[this.#next] = unixSeconds;
    this.#values[this.#next] = isCensored ? -1 - value : value;
    this.newest = value;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
  }

  /**
   * Largest row in (from, to]; NaN when it cannot be told: fewer than half of the rows there should be are there, or one of
   * them was cut off at capacity. One row alone above `credible` is an artefact, of a counter that was reset mostly: it
   * counts as the higher of the rows beside it.
   */
  largest(fromSeconds: number, toSeconds: number, credible: number = Number.POSITIVE_INFINITY): number {
    const values = this.#values;
    const capacity = this.#capacity;
    let largest = 0;
    let later = 0;
    let count = 0;
    for (let back = 1, index = this.#next; back <= capacity; back++) {
      index = index === 0 ? capacity - 1 : index - 1;
      const time = this.#times[index] ?? Number.NEGATIVE_INFINITY;
      if (time <= fromSeconds) break;
      const value = values[index] ?? 0;
      const beside = later;
      later = value;
      if (time > toSeconds) continue;
      if (value < 0) return Number.NaN;
      count++;
      if (value <= largest) continue;
      const earlier = values[index === 0 ? capacity - 1 : index - 1] ?? 0;
      largest = value > credible ? Math.max(largest, Math.min(value, Math.max(earlier, beside))) : value;
    }
    return count * 2 * this.#stepSeconds >= toSeconds - fromSeconds ? largest : Number.NaN;
  }
}
