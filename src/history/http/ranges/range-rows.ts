import type { RangeChunk } from './range-chunks.ts';

/** Rows of one part of a range. They are packed, because a history of seconds has millions and a parsed pair takes 100 bytes. */
export interface RangeRows {
  /** Name of the series, undefined where there is none; parts of one series have the same. */
  readonly series: string | undefined;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly warnings: readonly string[];
  /** The source says that part of the data is missing: rows may be too low, and a missing row may be none. */
  readonly isPartial: boolean;
}

/** Sources write times with milliseconds. */
const roundingSeconds = 0.001;

/**
 * Packs at most `capacity` rows. Rows outside the range are left out, because one from the far future would make the model
 * wait for it, and so are NaN and infinities: they say that demand is not known, not that there is none.
 */
export function createRowPacker(capacity: number, { startSeconds, endSeconds }: RangeChunk) {
  const timestamps = new Float64Array(capacity);
  const values = new Float64Array(capacity);
  let rows = 0;
  let previous = Number.NEGATIVE_INFINITY;
  return {
    /** Takes the next row. Returns false for a time that is no number or not after the previous row's: no real source answers so. */
    add(unixSeconds: number, value: number): boolean {
      if (!(unixSeconds > previous)) return false;
      previous = unixSeconds;
      const isAsked =
        unixSeconds >= startSeconds - roundingSeconds && unixSeconds <= endSeconds + roundingSeconds;
      if (isAsked && Number.isFinite(value)) {
        timestamps[rows] = unixSeconds;
        values[rows] = value;
        rows++;
      }
      return true;
    },
    rows: (series: string | undefined, warnings: readonly string[], isPartial = false): RangeRows => ({
      series,
      timestamps: timestamps.slice(0, rows),
      values: values.slice(0, rows),
      warnings,
      isPartial,
    }),
  };
}
