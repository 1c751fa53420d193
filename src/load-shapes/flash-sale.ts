import { ease } from './ease.ts';
import type { LoadShape } from './load-shape.ts';

export interface FlashSale {
  /** When it opens. */
  readonly atSeconds: number;
  /** What it adds at its height, whatever the hour. */
  readonly extraRequestsPerSecond: number;
  /** Until its height is reached. */
  readonly rampSeconds: number;
  /** How long the height lasts. */
  readonly holdSeconds: number;
  /** Afterwards what it adds falls to a third (1/e) every so many seconds. */
  readonly decaySeconds: number;
}

/**
 * `shape` with a rush on top that no season foresees: nothing before `atSeconds`, then a ramp, a height, and
 * interest that dies away. Throws a RangeError for a negative rate or time, and for a ramp or decay of no length.
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
