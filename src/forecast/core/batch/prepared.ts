/** A series as the experts want it: positive, of a size near 1, without holes. */
export interface Prepared {
  readonly values: Float64Array;
  /** 1 where the value was observed, 0 where it is imputed. */
  readonly isObserved: Uint8Array;
  /** value = base + scale × prepared value */
  readonly base: number;
  readonly scale: number;
  readonly observedCount: number;
  /** Of what was observed, in the caller's unit. */
  readonly lowest: number;
  readonly highest: number;
}

/** How far above its base, in ranges, a series starts at most: beyond it, seven digits would lose its shape. */
const mostRangesAboveBase = 8;

/**
 * Anything but a finite value ≥ 0 is missing. What is missing takes the value of one season earlier, or the last one.
 * A series high above 0 for its range is measured from a base nearer to it: its logarithm is linear anyway.
 */
export function prepare(series: ArrayLike<number>, seasonSteps: number): Prepared {
  const length = series.length;
  const isObserved = new Uint8Array(length);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let mean = 0;
  let count = 0;
  for (let i = 0; i < length; i++) {
    const value = series[i] ?? Number.NaN;
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
    if (isObserved[i] === 1) last = series[i] ?? 0;
    const before = i >= seasonSteps ? (values[i - seasonSteps] ?? 0) : (last - base) / scale;
    values[i] = isObserved[i] === 1 ? (last - base) / scale : before;
  }
  return { values, isObserved, base, scale, observedCount: count, lowest, highest };
}
