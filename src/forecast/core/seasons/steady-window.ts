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

/** A window whose values vary by a smaller share than this, which is the limit of single precision, is constant. */
const flatness = 1e-6;

/** The newest `limit` values, with straight lines across gaps; undefined where no value is present, or all are alike. */
export function withoutGaps(values: ArrayLike<number>, limit: number): Float64Array | undefined {
  const first = Math.max(0, values.length - limit);
  const out = new Float64Array(values.length - first);
  let known = -1;
  for (let i = 0; i < out.length; i++) {
    const value = values[first + i]!;
    if (!Number.isFinite(value)) continue;
    out[i] = value;
    const before = known < 0 ? value : out[known]!;
    for (let gap = known + 1; gap < i; gap++) {
      out[gap] = before + ((value - before) * (gap - known)) / (i - known);
    }
    known = i;
  }
  if (known < 0) return undefined;
  out.fill(out[known]!, known + 1);
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

/** Means of `steps` successive values each. The last mean ends at the newest value; an incomplete oldest group is left out. */
export function meansOf(values: Float64Array, steps: number): Float64Array {
  if (steps === 1) return values;
  const out = new Float64Array(Math.floor(values.length / steps));
  const first = values.length - out.length * steps;
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < steps; j++) sum += values[first + i * steps + j]!;
    out[i] = sum / steps;
  }
  return out;
}
