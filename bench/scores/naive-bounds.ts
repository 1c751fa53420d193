import { boundLevels } from '../horizons.ts';
import type { GridSeries } from '../replay/trace.ts';

/** Number of newest residuals that are kept, as many as the forecaster keeps for each horizon. */
const keptResiduals = 1008;
const fewestResiduals = 100;

/**
 * Bounds of a seasonal naive from its own residuals: at every origin, the quantiles of value − naive over the newest
 * matured ones, by bound level. All horizons up to a season share them: the naive of a value is the same at every horizon.
 */
export function naiveResidualBounds(
  { values }: GridSeries,
  seasonSteps: number,
  origins: Int32Array,
): Float64Array[] {
  const window = createSortedWindow(keptResiduals);
  const bounds = boundLevels.map(() => new Float64Array(origins.length).fill(Number.NaN));
  let next = 0;
  for (let index = 0; index < values.length && next < origins.length; index++) {
    const residual = values[index]! - (values[index - seasonSteps] ?? Number.NaN);
    if (!Number.isNaN(residual)) window.add(residual);
    if (index !== origins[next]) continue;
    if (window.count >= fewestResiduals) {
      for (let l = 0; l < boundLevels.length; l++) {
        const column = bounds[l];
        if (column !== undefined) column[next] = window.quantile(boundLevels[l]!);
      }
    }
    next++;
  }
  return bounds;
}

/** A window of the newest `capacity` values that can give their quantiles. */
function createSortedWindow(capacity: number) {
  const ring = new Float64Array(capacity);
  const sorted = new Float64Array(capacity);
  let count = 0;
  let next = 0;
  /** First position in the sorted values that has a value ≥ `value`. */
  const positionOf = (value: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get count() {
      return count;
    },
    add(value: number) {
      if (count === capacity) {
        const leaving = positionOf(ring[next]!);
        sorted.copyWithin(leaving, leaving + 1, count);
        count--;
      }
      const entering = positionOf(value);
      sorted.copyWithin(entering + 1, entering, count);
      sorted[entering] = value;
      count++;
      ring[next] = value;
      next = (next + 1) % capacity;
    },
    /** Quantile with the finite-sample correction: the ⌈(n + 1)τ⌉-th smallest value. */
    quantile(level: number): number {
      const rank = Math.min(count, Math.ceil((count + 1) * level));
      return sorted[rank - 1]!;
    },
  };
}
