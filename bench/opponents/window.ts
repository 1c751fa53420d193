import type { Calendar } from '../../src/what-if/models/index.ts';
import type { GridSeries } from '../replay/trace.ts';
import type { WindowTask } from './contract.ts';

const longestWindowDays = 28;

/** The question to a slow opponent at an origin (grid index): up to four weeks of values, straight lines across gaps. */
export function windowBefore(grid: GridSeries, origin: number, horizonSteps: number): WindowTask {
  const length = Math.round((longestWindowDays * 86_400) / grid.stepSeconds);
  const from = Math.max(0, origin + 1 - length);
  return {
    values: withoutGaps(grid.values.subarray(from, origin + 1)),
    firstSeconds: grid.firstSeconds + from * grid.stepSeconds,
    horizonSteps,
  };
}

/** A copy with missing values interpolated; at the ends the nearest value is repeated. */
export function withoutGaps(values: Float64Array): Float64Array {
  const filled = Float64Array.from(values);
  let previous = -1;
  for (let i = 0; i < filled.length; i++) {
    if (Number.isNaN(filled[i]!)) continue;
    const left = filled[previous] ?? filled[i] ?? 0;
    const slope = (filled[i]! - left) / (i - previous);
    for (let gap = previous + 1; gap < i; gap++) filled[gap] = left + slope * (gap - previous);
    previous = i;
  }
  for (let i = previous + 1; i < filled.length; i++) filled[i] = filled[previous] ?? 0;
  return filled;
}

/** The seasons (a day, a week) that fit twice into `length` values. */
export function seasonsWithin(length: number, { daySteps, weekSteps }: Calendar): number[] {
  return [daySteps, weekSteps].filter((steps) => length >= 2 * steps);
}

/** At most `cap` of `count` indices, equally spaced by a distance coprime with the day, so that all hours of the day occur. */
export function spreadOver(count: number, cap: number, daySteps: number): number[] {
  if (count <= cap) return Array.from({ length: count }, (_, i) => i);
  let distance = Math.max(1, Math.floor(count / cap));
  while (greatestCommonDivisor(distance, daySteps) > 1) distance--;
  return Array.from({ length: cap }, (_, i) => i * distance);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
