import { solveRidge } from './linear-solve.ts';

/** Least squares with exponential forgetting, a ridge and a prior, kept as normal equations: a row costs O(p²). */
export class NormalEquations {
  rows = 0;
  /** Those of the newest `solve`; the prior before the first. */
  readonly coefficients: Float64Array;
  readonly #prior: readonly number[];
  readonly #ridge: number;
  readonly #forget: number;
  // The lower triangle, row after row, for what is symmetric is kept once; then what they are to explain.
  readonly #sums: Float64Array;
  readonly #unknowns: number;

  /**
   * `prior` is what the coefficients are shrunk towards (length p, at most 64), `ridge` how strongly, as a share of the
   * diagonal; after `halfLifeRows` an old row has half its weight.
   */
  constructor(prior: readonly number[], ridge: number, halfLifeRows: number) {
    const p = prior.length;
    this.coefficients = Float64Array.from(prior);
    this.#prior = prior;
    this.#ridge = ridge;
    this.#forget = 2 ** (-1 / halfLifeRows);
    this.#unknowns = p;
    this.#sums = new Float64Array((p * (p + 1)) / 2 + p);
  }

  add(features: Float64Array, target: number): void {
    const sums = this.#sums;
    const p = this.#unknowns;
    const forget = this.#forget;
    for (let i = 0, at = 0, explained = sums.length - p; i < p; i++, explained++) {
      const xi = features[i] ?? 0;
      sums[explained] = forget * (sums[explained] ?? 0) + xi * target;
      for (let j = 0; j <= i; j++, at++) sums[at] = forget * (sums[at] ?? 0) + xi * (features[j] ?? 0);
    }
    this.rows++;
  }

  solve(): void {
    const sums = this.#sums;
    const prior = this.#prior;
    const p = this.#unknowns;
    const rest = unexplained.subarray(0, p);
    // To shrink β towards the prior is to shrink β − prior, which explains b − A·prior, towards zero.
    rest.set(sums.subarray(sums.length - p));
    for (let i = 0, at = 0; i < p; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const element = sums[at] ?? 0;
        rest[i] = (rest[i] ?? 0) - element * (prior[j] ?? 0);
        if (j < i) rest[j] = (rest[j] ?? 0) - element * (prior[i] ?? 0);
      }
    }
    solveRidge(sums, rest, this.#ridge, this.coefficients);
    for (let i = 0; i < p; i++) this.coefficients[i] = (this.coefficients[i] ?? 0) + (prior[i] ?? 0);
  }
}

/** Scratch of one call. */
const unexplained = new Float64Array(64);
