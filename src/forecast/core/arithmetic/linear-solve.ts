/** Largest number of unknowns. */
const largest = 64;
/** Scratch of one call. */
const factor = new Float64Array((largest * (largest + 1)) / 2);

/**
 * Solves (A + ridge) β = b for a symmetric matrix given by its lower triangle, row after row, by Cholesky. The ridge
 * on each diagonal element is `ridge` times the mean of that element and the mean diagonal, so that rare features are
 * shrunk more. β is written to `beta`; at most 64 unknowns. A pivot that is not positive is taken as tiny.
 */
export function solveRidge(a: Float64Array, b: Float64Array, ridge: number, beta: Float64Array): void {
  const p = b.length;
  let trace = 0;
  for (let i = 0; i < p; i++) trace += at(a, startOf(i) + i);
  const meanDiagonal = trace / p;
  for (let i = 0; i < p; i++) {
    const row = startOf(i);
    for (let j = 0; j <= i; j++) {
      const other = startOf(j);
      let sum = at(a, row + j);
      if (i === j) sum += ridge * 0.5 * (sum + meanDiagonal) + 1e-12;
      for (let k = 0; k < j; k++) sum -= at(factor, row + k) * at(factor, other + k);
      factor[row + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(factor, other + j);
    }
  }
  for (let i = 0; i < p; i++) {
    const row = startOf(i);
    let sum = at(b, i);
    for (let k = 0; k < i; k++) sum -= at(factor, row + k) * at(beta, k);
    beta[i] = sum / at(factor, row + i);
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = at(beta, i);
    for (let k = i + 1; k < p; k++) sum -= at(factor, startOf(k) + i) * at(beta, k);
    beta[i] = sum / at(factor, startOf(i) + i);
  }
}

/** Where a row of a lower triangle begins. */
function startOf(row: number): number {
  return (row * (row + 1)) / 2;
}

/** The element; the arrays are full by construction, which the type cannot say. */
function at(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}
