/** Added to each diagonal element, and the smallest pivot: without it a feature that is always 0 would divide by 0. */
const tiny = 1e-12;

/**
 * Solves (A + ridge) β = b by Cholesky decomposition. `a` begins with the lower triangle of the symmetric matrix A, row after
 * row; `b` is overwritten with β. The ridge on each diagonal element is `ridge` times the mean of that element and the mean
 * of the diagonal, so that rare features are shrunk more. A pivot that is not positive is replaced by a tiny one. `factor` is
 * working memory for as many numbers as the triangle has; it is overwritten.
 */
export function solveRidge(a: Float64Array, b: Float64Array, ridge: number, factor: Float64Array): void {
  const p = b.length;
  if (a.length < startOf(p)) throw new RangeError(`${a.length} numbers are no matrix of ${p} unknowns`);
  factorise(a, p, ridge, factor);
  for (let i = 0; i < p; i++) {
    const row = startOf(i);
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * b[k]!;
    b[i] = sum / factor[row + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < p; k++) sum -= factor[startOf(k) + i]! * b[k]!;
    b[i] = sum / factor[startOf(i) + i]!;
  }
}

/** Writes the lower triangle L with L·Lᵀ = A + ridge to `factor`. */
function factorise(a: Float64Array, p: number, ridge: number, factor: Float64Array): void {
  let trace = 0;
  for (let i = 0; i < p; i++) trace += a[startOf(i) + i]!;
  const meanDiagonal = trace / p;
  for (let i = 0; i < p; i++) {
    const row = startOf(i);
    for (let j = 0; j <= i; j++) {
      const other = startOf(j);
      let sum = a[row + j]!;
      if (i === j) sum += ridge * 0.5 * (sum + meanDiagonal) + tiny;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      factor[row + j] = i === j ? Math.sqrt(Math.max(sum, tiny)) : sum / factor[other + j]!;
    }
  }
}

/** Index at which a row of a lower triangle begins. */
function startOf(row: number): number {
  return (row * (row + 1)) >> 1;
}
