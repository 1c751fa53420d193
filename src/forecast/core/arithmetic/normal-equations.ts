import { GrowingNumbers, type Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { solveRidge } from './linear-solve.ts';

/**
 * Least squares with exponential forgetting, a ridge and a prior, kept as normal equations: adding a row costs O(p²),
 * solving O(p³), p being the number of coefficients.
 */
export class NormalEquations {
  /** Number of rows added. */
  rows = 0;
  /** The coefficients that the newest `solve` found; the prior before the first. */
  readonly coefficients: Float64Array;
  readonly #prior: readonly number[];
  readonly #ridge: number;
  readonly #forget: number;
  /** XᵀX as the lower triangle of a symmetric matrix, row after row; then the p numbers of Xᵀy. */
  readonly #sums: Float64Array;
  readonly #factor: GrowingNumbers;

  /**
   * `prior` holds the p coefficients that the solution is shrunk towards. `ridge` is the strength of that, as a share of the
   * diagonal. A row that is `halfLifeRows` old has half the weight of the newest.
   */
  constructor(prior: readonly number[], ridge: number, halfLifeRows: number, scratch: Scratch) {
    const p = prior.length;
    this.coefficients = Float64Array.from(prior);
    this.#prior = prior;
    this.#ridge = ridge;
    this.#forget = 2 ** (-1 / halfLifeRows);
    this.#sums = new Float64Array((p * (p + 1)) / 2 + p);
    this.#factor = scratch.of(createFactor);
  }

  copyState(copier: StateCopier): void {
    this.rows = copier.number(this.rows);
    copier.numbers(this.coefficients);
    copier.numbers(this.#sums);
  }

  /** Adds one row. `features` begins with the p features of the row; the target is what they are to explain. */
  add(features: Float64Array, target: number): void {
    const sums = this.#sums;
    const p = this.#prior.length;
    if (features.length < p) throw new RangeError(`${features.length} features are too few, give ${p}`);
    const forget = this.#forget;
    for (let i = 0, at = 0, moment = sums.length - p; i < p; i++, moment++) {
      const xi = features[i]!;
      sums[moment] = forget * sums[moment]! + xi * target;
      for (let j = 0; j <= i; j++, at++) sums[at] = forget * sums[at]! + xi * features[j]!;
    }
    this.rows++;
  }

  /** Finds the coefficients for the rows added so far. */
  solve(): void {
    const { coefficients } = this;
    const sums = this.#sums;
    const prior = this.#prior;
    const p = prior.length;
    // Shrinking β towards the prior is shrinking β − prior towards 0, which has Xᵀy − XᵀX·prior in place of Xᵀy.
    for (let i = 0; i < p; i++) coefficients[i] = sums[sums.length - p + i]!;
    for (let i = 0, at = 0; i < p; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const element = sums[at]!;
        coefficients[i]! -= element * prior[j]!;
        if (j < i) coefficients[j]! -= element * prior[i]!;
      }
    }
    solveRidge(sums, coefficients, this.#ridge, this.#factor.atLeast(sums.length - p));
    for (let i = 0; i < p; i++) coefficients[i]! += prior[i]!;
  }
}

const createFactor = () => new GrowingNumbers();
