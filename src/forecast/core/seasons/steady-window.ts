/** Values of a window on a grid; NaN where one is missing. */
export interface GridWindow {
  readonly values: ArrayLike<number>;
  readonly stepSeconds: number;
}

/** A window of equal steps without gaps. */
export interface SteadyWindow {
  readonly values: Float64Array;
  readonly stepSeconds: number;
}

/** What varies by less than single precision shows is constant. */
const flatness = 1e-6;

/** The newest `limit` values with the gaps bridged by straight lines; undefined where nothing is there, or nothing varies. */
export function withoutGaps(values: ArrayLike<number>, limit: number): Float64Array | undefined {
  const first = Math.max(0, values.length - limit);
  const out = new Float64Array(values.length - first);
  let known = -1;
  for (let i = 0; i < out.length; i++) {
    const value = values[first + i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    out[i] = value;
    const before = known < 0 ? value : (out[known] ?? 0);
    for (let gap = known + 1; gap < i; gap++) {
      out[gap] = before + ((value - before) * (gap - known)) / (i - known);
    }
    known = i;
  }
  if (known < 0) return undefined;
  out.fill(out[known] ?? 0, known + 1);
  return isFlat(out) ? undefined : out;
}

function isFlat(values: Float64Array): boolean {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return highest - lowest <= flatness * Math.max(Math.abs(lowest), Math.abs(highest));
}

/** Means of `steps` values in a row, aligned with the newest; an incomplete oldest one is left out. */
export function meansOf(values: Float64Array, steps: number): Float64Array {
  if (steps === 1) return values;
  const out = new Float64Array(Math.floor(values.length / steps));
  const first = values.length - out.length * steps;
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < steps; j++) sum += values[first + i * steps + j] ?? 0;
    out[i] = sum / steps;
  }
  return out;
}
