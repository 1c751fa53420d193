import type { Engine } from '../engine/engine.ts';

/** The observed grid values in [fromSeconds, toSeconds] that are still remembered, oldest first, in demand. */
export function historyFrom(
  { observed, inputs, originSeconds, unit, lengths }: Engine,
  fromSeconds: number,
  toSeconds: number,
): { readonly timestamps: Float64Array; readonly values: Float64Array } {
  const timestamps: number[] = [];
  const values: number[] = [];
  for (let back = observed.count - 1; back >= 0; back--) {
    const time = originSeconds - back * lengths.gridSeconds;
    const value = observed.at(back, inputs.rootAt(back));
    if (time < fromSeconds || time > toSeconds || Number.isNaN(value)) continue;
    timestamps.push(time);
    values.push(value * (unit || 1));
  }
  return { timestamps: Float64Array.from(timestamps), values: Float64Array.from(values) };
}
