import { solveRidge } from '../linear-solve.ts';

/** Least squares with exponential forgetting, a ridge and a prior, kept as normal equations: a row costs O(p²). */
export interface NormalEquations {
  readonly rows: number;
  /** Those of the newest `solve`; the prior before the first. */
  readonly coefficients: Float64Array;
  add(features: Float64Array, target: number): void;
  solve(): void;
}

/**
 * `prior` is what the coefficients are shrunk towards (length p, at most 64), `ridge` how strongly, as a share of the
 * diagonal; after `halfLifeRows` an old row has half its weight.
 */
export function createNormalEquations(
  prior: Float64Array,
  ridge: number,
  halfLifeRows: number,
): NormalEquations {
  const p = prior.length;
  // The lower triangle, row after row: what is symmetric is kept once.
  const a = new Float64Array((p * (p + 1)) / 2);
  const b = new Float64Array(p);
  const unexplained = new Float64Array(p);
  const coefficients = prior.slice();
  const forget = 2 ** (-1 / halfLifeRows);
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    coefficients,
    add(features, target) {
      for (let i = 0, at = 0; i < p; i++) {
        const xi = features[i] ?? 0;
        b[i] = forget * (b[i] ?? 0) + xi * target;
        for (let j = 0; j <= i; j++, at++) a[at] = forget * (a[at] ?? 0) + xi * (features[j] ?? 0);
      }
      rows++;
    },
    solve() {
      // To shrink β towards the prior is to shrink β − prior, which explains b − A·prior, towards zero.
      unexplained.set(b);
      for (let i = 0, at = 0; i < p; i++) {
        for (let j = 0; j <= i; j++, at++) {
          const element = a[at] ?? 0;
          unexplained[i] = (unexplained[i] ?? 0) - element * (prior[j] ?? 0);
          if (j < i) unexplained[j] = (unexplained[j] ?? 0) - element * (prior[i] ?? 0);
        }
      }
      solveRidge(a, unexplained, ridge, coefficients);
      for (let i = 0; i < p; i++) coefficients[i] = (coefficients[i] ?? 0) + (prior[i] ?? 0);
    },
  };
}
