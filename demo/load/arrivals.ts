import type { LoadShape, Random } from '../../src/load-shapes/index.ts';

/** Expected load between two arrivals; 1 on average. */
export type Gap = () => number;

export const evenGap: Gap = () => 1;

/** Gaps of a Poisson process, as many independent users make them. */
export function poissonGap(random: Random): Gap {
  return () => -Math.log(1 - random());
}

export interface Arrivals {
  readonly count: number;
  /** Expected load until the next arrival, carried from one call to the next. */
  readonly untilNext: number;
}

/**
 * Counts the arrivals in (from, to] at the rate that `rateAt` gives, independent of the answers. The load is integrated
 * (midpoint rule, exact for a linear rate), and an arrival is due whenever the integral has grown by another gap.
 * A rate that is not a positive number counts as 0, and there are no arrivals when `to` is before `from`.
 * Source: time-rescaling of an inhomogeneous Poisson process (Lewis & Shedler 1979).
 */
export function arrivals(
  rateAt: LoadShape,
  from: number,
  to: number,
  untilNext: number,
  gap: Gap = evenGap,
): Arrivals {
  const rate = rateAt((from + to) / 2);
  let left = to > from && rate > 0 && rate < Infinity ? untilNext - rate * (to - from) : untilNext;
  let count = 0;
  for (; left <= 0; left += gap()) count++;
  return { count, untilNext: left };
}
