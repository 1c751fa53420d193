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
 * Arrivals in (from, to] at the rate `rateAt` gives, whatever the answers do: the load is integrated
 * (midpoint rule, exact for a linear rate) and an arrival falls due whenever another gap's worth has passed.
 * A rate that is no positive number counts as 0, and time that runs backwards brings nothing.
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
