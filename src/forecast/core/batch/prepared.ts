/** A series as the experts need it: positive, with a mean near 1, without gaps. */
export interface Prepared {
  readonly values: Float64Array;
  /** 1 where the value was observed, 0 where it is imputed. */
  readonly isObserved: Uint8Array;
  /** value = base + scale × prepared value */
  readonly base: number;
  readonly scale: number;
  readonly observedCount: number;
  /** Lowest and highest observed value, in the caller's unit. */
  readonly lowest: number;
  readonly highest: number;
}

/** The lowest value is at most this many ranges above the base; farther away single precision would lose the shape. */
const mostRangesAboveBase = 8;

/**
 * Prepares a series for the experts. Anything but a finite value ≥ 0 is missing. A missing value is replaced by the value one
 * season earlier, or in the first season by the newest. A series that is high above 0 for its range is measured from a base
 * nearer to it, because its logarithm is nearly linear.
 */
export function prepare(series: ArrayLike<number>, seasonSteps: number): Prepared {
  const length = series.length;
  const isObserved = new Uint8Array(length);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = series[i]!;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) continue;
    isObserved[i] = 1;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    count++;
    mean += (value - mean) / count;
  }
  const range = highest - lowest;
  const base = Math.max(0, lowest - mostRangesAboveBase * range);
  const scale = mean - base || 1;
  const values = new Float64Array(length);
  let last = mean;
  for (let i = 0; i < length; i++) {
    if (isObserved[i] === 1) last = series[i]!;
    const before = i >= seasonSteps ? values[i - seasonSteps]! : (last - base) / scale;
    values[i] = isObserved[i] === 1 ? (last - base) / scale : before;
  }
  return { values, isObserved, base, scale, observedCount: count, lowest, highest };
}
