/** Share of the weight that is left out at either end. */
const leftOut = 0.2;

/**
 * Weighted mean of the middle of some values: who says most and who says least is not heard, up to a fifth of the weight at
 * either end. Most of those who have a say agree when demand is on or off; the others would shift their mean, and do not
 * reach the middle: a value with four fifths of the weight is the mean, and so is one that has no more than a fifth of it on
 * either side.
 */
export class MiddleMean {
  // Rising values and the weight of each; the first `count` of them.
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  #count = 0;
  #total = 0;

  constructor(mostValues: number) {
    this.#values = new Float64Array(mostValues);
    this.#weights = new Float64Array(mostValues);
  }

  clear(): void {
    this.#count = 0;
    this.#total = 0;
  }

  /** NaN has no say. */
  add(value: number, weight: number): void {
    if (Number.isNaN(value)) return;
    const values = this.#values;
    const weights = this.#weights;
    let place = this.#count++;
    for (; place > 0 && (values[place - 1] ?? 0) > value; place--) {
      values[place] = values[place - 1] ?? 0;
      weights[place] = weights[place - 1] ?? 0;
    }
    values[place] = value;
    weights[place] = weight;
    this.#total += weight;
  }

  /** NaN where nobody has a say. */
  get value(): number {
    const from = leftOut * this.#total;
    const to = this.#total - from;
    let passed = 0;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const weight = this.#weights[i] ?? 0;
      const heard = Math.min(passed + weight, to) - Math.max(passed, from);
      passed += weight;
      if (heard > 0) sum += heard * (this.#values[i] ?? 0);
    }
    return sum / (to - from);
  }
}
