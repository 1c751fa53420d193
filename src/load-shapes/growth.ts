import type { LoadShape } from './load-shape.ts';

export interface Growth {
  /** Growth from one week to the next, as a share: 0.02 is 2 % a week; below 0 it shrinks. */
  readonly ratioPerWeek: number;
  /** The moment at which the load is as it would be without growth. */
  readonly fromSeconds: number;
  /** Length of a day; less than 86,400 compresses time. */
  readonly daySeconds?: number;
}

/**
 * Lets `shape` grow by the same share every week, compounded, before `fromSeconds` as well as after it. Throws a
 * RangeError for a ratio of −1 or less, which would leave no load, and for a day of no length.
 */
export function withGrowth(shape: LoadShape, growth: Growth): LoadShape {
  const { ratioPerWeek, fromSeconds, daySeconds = 86_400 } = growth;
  if (!(ratioPerWeek > -1 && ratioPerWeek < Infinity)) {
    throw new RangeError(`ratioPerWeek must be above -1, not ${ratioPerWeek}`);
  }
  if (!Number.isFinite(fromSeconds)) throw new RangeError(`fromSeconds must be a time, not ${fromSeconds}`);
  if (!(daySeconds > 0)) throw new RangeError(`daySeconds must be above 0, not ${daySeconds}`);
  const weekSeconds = 7 * daySeconds;
  return (unixSeconds) =>
    shape(unixSeconds) * (1 + ratioPerWeek) ** ((unixSeconds - fromSeconds) / weekSeconds);
}
