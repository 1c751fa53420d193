import type { ForecasterOptions } from '../contract.ts';
import { gridSecondsFor } from './grid.ts';

const daySeconds = 86_400;
/** A season of fewer steps has no shape to learn. */
export const fewestSeasonSteps = 20;
/** Horizons at which forecasts are scored, in 288ths of the short season: 5 min … 24 h of a day. */
const scoredShares = [1, 2, 3, 6, 12, 24, 48, 72, 144, 288];
/** The same for a short season of few steps, such as a day of hours. */
const scoredOfFewSteps = [1, 2, 3, 6, 12, 24, 48];
/** Windows whose peaks are calibrated, in minutes of a day-long short season. */
const peakMinutes = [1, 2, 3, 5, 10, 15, 30, 60, 120];

/** Every length a forecaster is made of, in grid steps where not said otherwise. */
export interface Lengths {
  readonly stepSeconds: number;
  readonly gridSeconds: number;
  /** The short season (a day) and the long one (a week); 0 = there is no long one. */
  readonly shortSteps: number;
  readonly longSteps: number;
  readonly horizonSteps: number;
  /** Two of the longest season and one of the shortest: what the farthest lag and the autocorrelation need. */
  readonly rememberedSteps: number;
  /** Horizons at which every forecast is kept and scored, rising. */
  readonly scoredHorizonSteps: readonly number[];
  /** Windows whose peaks are kept and scored, rising, whole rows. */
  readonly peakWindowsSeconds: readonly number[];
}

/** The lengths for some options. Throws a RangeError where they cannot work. */
export function lengthsOf(options: ForecasterOptions): Lengths {
  const { stepSeconds, seasonsSeconds = [daySeconds, 7 * daySeconds], maxHorizonSeconds } = options;
  const [short = daySeconds, long = 0] = seasonsSeconds;
  if (!(stepSeconds > 0)) throw new RangeError(`stepSeconds must be above 0, not ${stepSeconds}`);
  if (seasonsSeconds.length > 2 || short < fewestSeasonSteps * stepSeconds || (long !== 0 && long <= short)) {
    throw new RangeError(
      `seasonsSeconds must be at most two rising lengths of at least ${fewestSeasonSteps} steps, not ${seasonsSeconds.join(', ')}`,
    );
  }
  const gridSeconds = gridSecondsFor(stepSeconds, short);
  const shortSteps = Math.round(short / gridSeconds);
  const longSteps = Math.round(long / gridSeconds);
  const horizonSteps = Math.max(48, Math.ceil((maxHorizonSeconds ?? short) / gridSeconds));
  return {
    stepSeconds,
    gridSeconds,
    shortSteps,
    longSteps,
    horizonSteps,
    rememberedSteps: 2 * Math.max(longSteps, shortSteps) + shortSteps + 2,
    scoredHorizonSteps: scoredHorizonsFor(shortSteps, horizonSteps),
    peakWindowsSeconds: peakWindowsFor(stepSeconds, Math.min(1, short / daySeconds)),
  };
}

/** `maxHorizonSeconds` for those who will ask so far ahead; undefined where the shortest season, the default, reaches it. */
export function maxHorizonFor(
  horizonSeconds: number,
  seasonsSeconds: readonly number[] | undefined,
): number | undefined {
  const [shortest = daySeconds] = seasonsSeconds ?? [];
  return horizonSeconds > shortest ? horizonSeconds : undefined;
}

function scoredHorizonsFor(shortSteps: number, horizonSteps: number): number[] {
  const shares = scoredShares.map((share) => Math.max(1, Math.round((share * shortSteps) / 288)));
  const wanted = new Set(shortSteps < 144 ? scoredOfFewSteps : shares);
  return [...[...wanted].filter((steps) => steps < horizonSteps), horizonSteps];
}

function peakWindowsFor(stepSeconds: number, timeScale: number): number[] {
  const rows = peakMinutes.map((minutes) =>
    Math.max(1, Math.round((minutes * 60 * timeScale) / stepSeconds)),
  );
  return [...new Set(rows)].map((count) => count * stepSeconds);
}
