import type { WireSeries } from './prometheus-answer.ts';
import type { RangeChunk } from './range-chunks.ts';
import { formatLabels } from './series-labels.ts';

/** The rows of one part of a range, packed: a history of seconds has millions, and each pair of the answer is 100 bytes. */
export interface RangeRows {
  /** Labels of the series, undefined where there is none. */
  readonly labels: string | undefined;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly warnings: readonly string[];
}

/** Times are written with milliseconds. */
const roundingSeconds = 0.001;

/**
 * Packs the samples of a series. Rows nobody asked for are left out, because one from the far future would make
 * the model wait for it; undefined where they are no samples in order of time, as no Prometheus would answer.
 */
export function packRows(
  series: WireSeries | undefined,
  { startSeconds, endSeconds }: RangeChunk,
  warnings: readonly string[],
): RangeRows | undefined {
  const samples: readonly unknown[] = series?.values ?? [];
  if (!Array.isArray(samples)) return undefined;
  const timestamps = new Float64Array(samples.length);
  const values = new Float64Array(samples.length);
  let rows = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const [unixSeconds, text] = Array.isArray(sample) ? sample : [];
    if (typeof unixSeconds !== 'number' || !(unixSeconds > previous)) return undefined;
    previous = unixSeconds;
    if (unixSeconds < startSeconds - roundingSeconds || unixSeconds > endSeconds + roundingSeconds) continue;
    const value = Number(text);
    // NaN, "+Inf" and "-Inf" say that there is no demand known, not that there is none.
    if (!Number.isFinite(value)) continue;
    timestamps[rows] = unixSeconds;
    values[rows] = value;
    rows++;
  }
  return {
    labels: series === undefined ? undefined : labelsOf(series),
    timestamps: timestamps.slice(0, rows),
    values: values.slice(0, rows),
    warnings,
  };
}

/** Arrays end to end. */
export function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Series of different parts are the same when their labels are, in whatever order. */
function labelsOf({ metric }: WireSeries): string {
  return formatLabels(Object.fromEntries(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1))));
}
