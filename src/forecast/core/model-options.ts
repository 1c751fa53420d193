import { maxHorizonFor } from './clock/lengths.ts';

/**
 * What a user can say about a model besides its rows. A trigger, the command line and the API hand it through unchanged, so
 * that an option is added here, where it is read from the user, and where the core uses it.
 */
export interface ModelOptions {
  /**
   * Season lengths in seconds, shortest first, at most two, each at least 20 rows (default: a day and a week).
   * A day compressed into minutes is `[240, 1680]`.
   */
  readonly seasonsSeconds?: readonly number[] | undefined;
  /** IANA name of the zone whose clocks days and weeks follow, summer time included (default: UTC). */
  readonly timeZone?: string | undefined;
  /** Farthest horizon that is scored and calibrated, seconds (default: the shortest season, at least 48 steps). */
  readonly maxHorizonSeconds?: number | undefined;
}

/** The model options among what a user asked, calibrated as far ahead as `horizonSeconds`. */
export function modelOptionsFor(
  { seasonsSeconds, timeZone }: Omit<ModelOptions, 'maxHorizonSeconds'>,
  horizonSeconds: number,
): ModelOptions {
  return { seasonsSeconds, timeZone, maxHorizonSeconds: maxHorizonFor(horizonSeconds, seasonsSeconds) };
}
