/**
 * Weighted mean of the middle of some values, a robust mean: at either end a share of the weight is left out. Where most
 * experts agree that demand is on or off, the others would shift their plain mean, but they do not reach the middle. With a
 * fifth left out, a value that has four fifths of the weight is the mean, and so is one that has at most a fifth of the
 * weight on either side.
 *
 * Values are handed over in arrays, because a number that is passed to a function is an object of its own in the heap.
 */
export class MiddleMean {
  /** The values and the weight of each. None of them is NaN. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
  readonly #leftOutShare: number;
  readonly #rising: Float64Array;
  readonly #weightsOfRising: Float64Array;

  /** `leftOutShare`: share of the weight that is left out at either end, 0 to below 0.5; 0.25 = interquartile mean. */
  constructor(mostValues: number, leftOutShare: number) {
    this.#leftOutShare = leftOutShare;
    this.values = new Float64Array(mostValues);
    this.weights = new Float64Array(mostValues);
    this.#rising = new Float64Array(mostValues);
    this.#weightsOfRising = new Float64Array(mostValues);
  }

  /**
   * The mean of the first `count` values; NaN where that is 0. Equal values stay in their order. Throws a RangeError where
   * there is no room for so many.
   */
  of(count: number): number {
    if (count > this.values.length)
      throw new RangeError(`a mean of ${this.values.length} values has no room for ${count}`);
    const total = this.#sort(count);
    const values = this.#rising;
    const weights = this.#weightsOfRising;
    const from = this.#leftOutShare * total;
    const to = total - from;
    let passed = 0;
    let sum = 0;
    for (let i = 0; i < count && passed < to; i++) {
      const weight = weights[i]!;
      const within = Math.min(passed + weight, to) - Math.max(passed, from);
      passed += weight;
      if (within > 0) sum += within * values[i]!;
    }
    return sum / (to - from);
  }

  /**
   * Sorts the values and returns the sum of their weights. Each is put where as many come before it as are lower: counting them needs no
   * branch, which a processor would guess wrong for half of the dozen predictions of noisy demand (insertion took twice as long).
   */
  #sort(count: number): number {
    const { values, weights } = this;
    const rising = this.#rising;
    const weightsOfRising = this.#weightsOfRising;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      const weight = weights[i]!;
      let rank = 0;
      for (let j = 0; j < i; j++) rank += Number(values[j]! <= value);
      for (let j = i + 1; j < count; j++) rank += Number(values[j]! < value);
      rising[rank] = value;
      weightsOfRising[rank] = weight;
      total += weight;
    }
    return total;
  }
}
