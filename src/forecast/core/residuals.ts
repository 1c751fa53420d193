/** How many residuals are kept: three and a half days of five-minute steps; older ones describe another week. */
const capacity = 1008;
/** The sorted copy may be this many residuals old; a quantile hardly moves in an hour. */
const sortEvery = 12;

/** A sliding window of matured residuals and its empirical quantiles. */
export interface Residuals {
  readonly count: number;
  add(residual: number): void;
  /**
   * The residual at level τ, by the finite-sample rank ⌈(n + 1)τ⌉ of split conformal prediction (Vovk et al. 2005),
   * interpolated; 0 while there are none.
   */
  quantile(level: number): number;
}

export function createResiduals(): Residuals {
  const ring = new Float32Array(capacity);
  const sorted = new Float32Array(capacity);
  let count = 0;
  let next = 0;
  let sortedCount = 0;
  let sinceSort = sortEvery;

  function refresh(): void {
    if (sinceSort < sortEvery && sortedCount > 0) return;
    sorted.set(ring.subarray(0, count));
    sorted.subarray(0, count).sort();
    sortedCount = count;
    sinceSort = 0;
  }

  return {
    get count() {
      return count;
    },
    add(residual) {
      ring[next] = residual;
      next = (next + 1) % capacity;
      count = Math.min(count + 1, capacity);
      sinceSort++;
    },
    quantile(level) {
      if (count === 0) return 0;
      refresh();
      const rank = Math.min(sortedCount - 1, Math.max(0, (sortedCount + 1) * level - 1));
      const below = Math.floor(rank);
      const low = sorted[below] ?? 0;
      const high = sorted[Math.min(below + 1, sortedCount - 1)] ?? low;
      return low + (rank - below) * (high - low);
    },
  };
}
