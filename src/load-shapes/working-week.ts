import type { LoadShape } from './load-shape.ts';
import { smoothNoise } from './noise.ts';
import { type Knot, periodicCurve } from './periodic-curve.ts';

/** Default ratios of a working week. */
export const usualWeek = { weekendRatio: 0.45, noiseRatio: 0.03 } as const;

export interface WorkingWeekOptions {
  /** Rate at the top of a weekday's afternoon, before noise. */
  readonly peakRequestsPerSecond: number;
  /** Lowest rate, which is reached at night. Default: a tenth of the peak. */
  readonly baseRequestsPerSecond?: number | undefined;
  /** Rise of a weekend above the base, as a share of the rise of a weekday. Default: `usualWeek`. */
  readonly weekendRatio?: number;
  /** Largest deviation by noise, as a share of the rate. With 0 all weeks are equal. Default: `usualWeek`. */
  readonly noiseRatio?: number;
  /** Seed of the noise. */
  readonly seed: number;
  /** Length of a day; less than 86,400 compresses time. Days are counted from unix 0, which is a Thursday. */
  readonly daySeconds?: number;
}

/**
 * Weekday: the hour of the day, and the load as a share of the way from base (0) to peak (1). It has a morning ramp, a
 * lunch dip, an afternoon peak and an evening shoulder.
 */
const weekday: readonly Knot[] = [
  { at: 0, level: 0.12 },
  { at: 3, level: 0 },
  { at: 5, level: 0.03 },
  { at: 6, level: 0.1 },
  { at: 7.5, level: 0.45 },
  { at: 9.5, level: 0.9 },
  { at: 11, level: 0.95 },
  { at: 12.75, level: 0.74 },
  { at: 15, level: 1 },
  { at: 17, level: 0.86 },
  { at: 18.5, level: 0.6 },
  { at: 20, level: 0.55 },
  { at: 22, level: 0.32 },
];

/** Weekend, with the columns of `weekday`: a later ramp, no dip, a broad top, and the highest load in the evening. */
const weekend: readonly Knot[] = [
  { at: 0, level: 0.22 },
  { at: 4, level: 0 },
  { at: 7.5, level: 0.1 },
  { at: 11, level: 0.72 },
  { at: 14, level: 0.88 },
  { at: 17, level: 0.92 },
  { at: 20.5, level: 1 },
  { at: 22.5, level: 0.62 },
];

const weekHours = 7 * 24;
/** Unix 0 was Thursday 1970-01-01; the table of days begins on Monday. */
const hoursFromMondayToUnixZero = 3 * 24;
/** Number of independent noise values in a day: one for each five minutes. */
const noiseSlotsPerDay = 288;

/**
 * Request rate of a service people use at work: weekdays with morning ramp, lunch dip, afternoon peak and
 * evening shoulder, and a quieter, later, flatter weekend. The shape is smooth, and on every machine the same arguments
 * give the same shape. Throws a RangeError for a peak below the base, a noise of 1 or more, or a day of no length.
 */
export function createWorkingWeek(options: WorkingWeekOptions): LoadShape {
  const {
    peakRequestsPerSecond,
    seed,
    daySeconds = 86_400,
    weekendRatio = usualWeek.weekendRatio,
    noiseRatio = usualWeek.noiseRatio,
  } = options;
  const { baseRequestsPerSecond = peakRequestsPerSecond / 10 } = options;
  if (!(daySeconds > 0)) throw new RangeError(`daySeconds must be above 0, not ${daySeconds}`);
  if (!(weekendRatio >= 0)) throw new RangeError(`weekendRatio must be at least 0, not ${weekendRatio}`);
  if (!(noiseRatio >= 0 && noiseRatio < 1)) {
    throw new RangeError(`noiseRatio must be from 0 to less than 1, not ${noiseRatio}`);
  }
  if (!(baseRequestsPerSecond >= 0 && peakRequestsPerSecond >= baseRequestsPerSecond)) {
    throw new RangeError(
      `the rates must satisfy 0 ≤ base ≤ peak, not base ${baseRequestsPerSecond} and peak ${peakRequestsPerSecond}`,
    );
  }
  const level = periodicCurve(weekKnots(weekendRatio), weekHours);

  return (unixSeconds) => {
    const days = unixSeconds / daySeconds;
    const rise = level(days * 24 + hoursFromMondayToUnixZero);
    const rate = baseRequestsPerSecond + (peakRequestsPerSecond - baseRequestsPerSecond) * rise;
    if (noiseRatio === 0) return rate;
    return rate * (1 + noiseRatio * smoothNoise(seed, days * noiseSlotsPerDay));
  };
}

function weekKnots(weekendRatio: number): Knot[] {
  const weekdays = [0, 1, 2, 3, 4].flatMap((day) => dayKnots(weekday, day, 1));
  return [...weekdays, ...[5, 6].flatMap((day) => dayKnots(weekend, day, weekendRatio))];
}

function dayKnots(knots: readonly Knot[], day: number, ratio: number): Knot[] {
  return knots.map(({ at, level }) => ({ at: day * 24 + at, level: level * ratio }));
}
