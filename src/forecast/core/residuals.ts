/** How many residuals are kept: three and a half days of five-minute steps; older ones describe another week. */
const usualCapacity = 1008;

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

/**
 * Kept in order of age and in order of size at once: one binary search and one short move of memory a residual, a
 * tenth of the cost of sorting anew every hour, and a question never changes what the next answer is.
 */
export function createResiduals(capacity: number = usualCapacity): Residuals {
  const byAge = new Float32Array(capacity);
  const bySize = new Float32Array(capacity);
  let count = 0;
  let next = 0;

  /** The first place in [0, count) whose residual is not smaller. */
  function placeOf(residual: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((bySize[middle] ?? 0) < residual) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function forgetOldest(): void {
    const place = placeOf(byAge[next] ?? 0);
    bySize.copyWithin(place, place + 1, count);
    count--;
  }

  return {
    get count() {
      return count;
    },
    add(residual) {
      if (count === capacity) forgetOldest();
      byAge[next] = residual;
      const rounded = byAge[next] ?? 0;
      next = (next + 1) % capacity;
      const place = placeOf(rounded);
      bySize.copyWithin(place + 1, place, count);
      bySize[place] = rounded;
      count++;
    },
    quantile(level) {
      if (count === 0) return 0;
      const rank = Math.min(count - 1, Math.max(0, (count + 1) * level - 1));
      const below = Math.floor(rank);
      const low = bySize[below] ?? 0;
      const high = bySize[Math.min(below + 1, count - 1)] ?? low;
      return low + (rank - below) * (high - low);
    },
  };
}
