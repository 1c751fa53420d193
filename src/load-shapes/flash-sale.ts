import { ease } from './ease.ts';
import type { LoadShape } from './load-shape.ts';

export interface FlashSale {
  /** Unix time at which the sale opens. */
  readonly atSeconds: number;
  /** Load that the sale adds at its height, at any hour of the day. */
  readonly extraRequestsPerSecond: number;
  /** Time from the opening until the height is reached. */
  readonly rampSeconds: number;
  /** Time for which the height lasts. */
  readonly holdSeconds: number;
  /** Time constant of the decay after the height: in every such period the added load falls to 1/e, about a third. */
  readonly decaySeconds: number;
}

/**
 * Adds to `shape` a rush that no season predicts: nothing before `atSeconds`, then a ramp, a constant height, and an
 * exponential decay. Throws a RangeError for a negative rate or time, and for a ramp or decay of no length.
 */
export function withFlashSale(shape: LoadShape, sale: FlashSale): LoadShape {
  const { atSeconds, extraRequestsPerSecond, rampSeconds, holdSeconds, decaySeconds } = sale;
  if (!Number.isFinite(atSeconds)) throw new RangeError(`atSeconds must be a time, not ${atSeconds}`);
  for (const [name, value] of Object.entries({ extraRequestsPerSecond, holdSeconds })) {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} must be at least 0, not ${value}`);
  }
  for (const [name, value] of Object.entries({ rampSeconds, decaySeconds })) {
    if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be above 0, not ${value}`);
  }
  return (unixSeconds) => {
    const since = unixSeconds - atSeconds;
    if (since <= 0) return shape(unixSeconds);
    const fading = Math.max(0, since - rampSeconds - holdSeconds);
    const interest = ease(since / rampSeconds) * Math.exp(-fading / decaySeconds);
    return shape(unixSeconds) + extraRequestsPerSecond * interest;
  };
}
