import type { ForecasterOptions } from '../contract.ts';
import { daySeconds, gridSecondsFor } from './grid.ts';
import { peakWindowsFor, scoredHorizonsFor } from './scored-lengths.ts';

/** A season of fewer steps has no shape to learn. */
export const fewestSeasonSteps = 20;
/** The farthest horizon is at least this many steps. */
const fewestHorizonSteps = 48;

/** Every length that a forecaster is made of, in grid steps unless the name says seconds. */
export interface Lengths {
  readonly stepSeconds: number;
  readonly gridSeconds: number;
  /** The short season (a day) and the long one (a week); 0 = there is no long season. */
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
  const horizonSteps = Math.max(fewestHorizonSteps, Math.ceil((maxHorizonSeconds ?? short) / gridSeconds));
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

/**
 * Accuracy is an average over about a week of five minutes, and large errors are remembered for a week, but what decides whether a
 * forecast is trusted moves slowly and needs two. Two days more, because what is judged first is combined by weights that are not
 * learned yet.
 */
const nearSteps = 16 * 288;

/**
 * Steps of which forecasts must have been judged so that what is known of near ones is what it would be if all had been: experts are
 * weighed by each day of the week, and accuracy is an average of a week.
 */
export function judgedStepsOf({ longSteps }: Pick<Lengths, 'longSteps'>): number {
  return Math.max(longSteps, nearSteps);
}

/** Forecasts of this many steps ahead and more, an hour of five-minute steps, are too far ahead for nearly all decisions about replicas. */
const beyondDecisionsSteps = 12;
/** What is forecast there needs the week that is remembered and three days before it, in which weights and bounds are learned. */
const beyondDecisionsJudgedSteps = 10 * 288;

/** Steps at the beginning of those that are judged in which forecasts so far ahead need not be. */
export function restingStepsOf(horizonSteps: number, lengths: Pick<Lengths, 'longSteps'>): number {
  if (horizonSteps < beyondDecisionsSteps) return 0;
  return judgedStepsOf(lengths) - Math.max(lengths.longSteps, beyondDecisionsJudgedSteps);
}
