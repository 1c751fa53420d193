/**
 * Weighted mean of the middle of some values, a robust mean: at either end a share of the weight is left out. Where most
 * experts agree that demand is on or off, the others would shift their plain mean, but they do not reach the middle. With a
 * fifth left out, a value that has four fifths of the weight is the mean, and so is one that has at most a fifth of the
 * weight on either side.
 */
export class MiddleMean {
  readonly #leftOutShare: number;
  // Rising values and the weight of each; the first `count` of them.
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  #count = 0;
  #total = 0;

  /** `leftOutShare`: share of the weight that is left out at either end, 0 to below 0.5; 0.25 = interquartile mean. */
  constructor(mostValues: number, leftOutShare: number) {
    this.#leftOutShare = leftOutShare;
    this.#values = new Float64Array(mostValues);
    this.#weights = new Float64Array(mostValues);
  }

  clear(): void {
    this.#count = 0;
    this.#total = 0;
  }

  /**
   * Adds a value; NaN is ignored. Equal values stay in the order of their addition. Throws a RangeError where there is no
   * room for one more.
   */
  add(value: number, weight: number): void {
    if (Number.isNaN(value)) return;
    const values = this.#values;
    const weights = this.#weights;
    let place = this.#count;
    if (place === values.length)
      throw new RangeError(`a mean of ${values.length} values has no room for more`);
    this.#count++;
    for (; place > 0 && values[place - 1]! > value; place--) {
      values[place] = values[place - 1]!;
      weights[place] = weights[place - 1]!;
    }
    values[place] = value;
    weights[place] = weight;
    this.#total += weight;
  }

  /** The mean; NaN where no value has been added. */
  get value(): number {
    const from = this.#leftOutShare * this.#total;
    const to = this.#total - from;
    let passed = 0;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const weight = this.#weights[i]!;
      const within = Math.min(passed + weight, to) - Math.max(passed, from);
      passed += weight;
      if (within > 0) sum += within * this.#values[i]!;
    }
    return sum / (to - from);
  }
}
