import type { History } from '../../src/history/source.ts';
import type { GridSeries } from '../replay/trace.ts';

/** The grid values `steps` after the origins; NaN where a value is missing or after the end. */
export function truthAt({ values }: GridSeries, origins: Int32Array, steps: number): Float64Array {
  return Float64Array.from(origins, (origin) => values[origin + steps] ?? Number.NaN);
}

/**
 * The largest row in (origin, origin + window], which is what `Forecaster.peak` forecasts. NaN where more than half of the
 * rows are missing or the trace ends within the window.
 */
export function peaksAfter(
  { timestamps, values, stepSeconds }: History,
  grid: GridSeries,
  origins: Int32Array,
  windowSeconds: number,
): Float64Array {
  const newest = timestamps.at(-1) ?? Number.NEGATIVE_INFINITY;
  let row = 0;
  return Float64Array.from(origins, (index) => {
    const origin = grid.firstSeconds + index * grid.stepSeconds;
    const end = origin + windowSeconds;
    if (end > newest) return Number.NaN;
    while ((timestamps[row] ?? Number.POSITIVE_INFINITY) <= origin) row++;
    let largest = 0;
    let count = 0;
    for (let i = row; (timestamps[i] ?? Number.POSITIVE_INFINITY) <= end; i++) {
      largest = Math.max(largest, values[i]!);
      count++;
    }
    return count * 2 * stepSeconds >= windowSeconds ? largest : Number.NaN;
  });
}

/** Whether demand had risen by a tenth or more in the hour before each origin, 1 or 0. */
export function isRising({ values, stepSeconds }: GridSeries, origins: Int32Array): Uint8Array {
  const hourSteps = Math.max(1, Math.round(3600 / stepSeconds));
  return Uint8Array.from(origins, (origin) => {
    const before = values[origin - hourSteps] ?? Number.NaN;
    return before > 0 && values[origin]! >= 1.1 * before ? 1 : 0;
  });
}

/** The UTC day of each origin. */
export function daysOf(grid: GridSeries, origins: Int32Array): Int32Array {
  return Int32Array.from(origins, (index) =>
    Math.floor((grid.firstSeconds + index * grid.stepSeconds) / 86_400),
  );
}
