/**
 * Solves (A + ridge) β = b for a symmetric matrix given by its lower triangle, row-major p × p, by Cholesky. The ridge
 * on each diagonal element is `ridge` times the mean of that element and the mean diagonal, so that rare features are
 * shrunk more. `work` is p × p scratch; β is written to `beta`. A pivot that is not positive is taken as tiny.
 */
export function solveRidge(
  a: Float64Array,
  b: Float64Array,
  ridge: number,
  work: Float64Array,
  beta: Float64Array,
): void {
  const p = b.length;
  let trace = 0;
  for (let i = 0; i < p; i++) trace += at(a, i * p + i);
  const meanDiagonal = trace / p;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(a, i * p + j);
      if (i === j) sum += ridge * 0.5 * (at(a, i * p + i) + meanDiagonal) + 1e-12;
      for (let k = 0; k < j; k++) sum -= at(work, i * p + k) * at(work, j * p + k);
      work[i * p + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(work, j * p + j);
    }
  }
  for (let i = 0; i < p; i++) {
    let sum = at(b, i);
    for (let k = 0; k < i; k++) sum -= at(work, i * p + k) * at(beta, k);
    beta[i] = sum / at(work, i * p + i);
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = at(beta, i);
    for (let k = i + 1; k < p; k++) sum -= at(work, k * p + i) * at(beta, k);
    beta[i] = sum / at(work, i * p + i);
  }
}

/** The element; the arrays are full by construction, which the type cannot say. */
function at(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}
