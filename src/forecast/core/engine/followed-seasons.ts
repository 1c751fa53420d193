import type { Lengths } from '../clock/lengths.ts';
import type { ExpertContext } from '../experts/expert.ts';
import { createSeasonTests } from '../seasons/season-test.ts';
import { createSeasonWatch } from '../seasons/season-watch.ts';

/** Searches the history for seasons, and keeps the experts' season pattern in step with what is found. */
export interface FollowedSeasons {
  /** Seasons found by the last search, grid steps, shortest first. */
  readonly foundSteps: readonly number[];
  /** Whether a week has been seen and lately showed no season. */
  readonly isAperiodic: boolean;
  /** Adds the value of a step, in square-root space; NaN = not observed. */
  note(step: number, root: number): void;
  /** Searches where a short season has passed since the last search, and returns whether it did. */
  search(step: number): boolean;
}

export function createFollowedSeasons(
  { shortSteps, longSteps, gridSeconds }: Lengths,
  { sqrt, pattern, scratch }: Pick<ExpertContext, 'sqrt' | 'pattern' | 'scratch'>,
): FollowedSeasons {
  const watch = createSeasonWatch({
    shortSteps,
    longSteps,
    gridSeconds,
    sqrt,
    tests: scratch.of(createSeasonTests),
  });

  /** Experts of the day and the week follow those two, and a day also repeats its parts. */
  function hasExperts(foundSteps: readonly number[]): boolean {
    const hasDay = foundSteps.includes(shortSteps);
    return foundSteps.every(
      (steps) => steps === shortSteps || steps === longSteps || (hasDay && shortSteps % steps === 0),
    );
  }

  const seasons: { -readonly [K in keyof FollowedSeasons]: FollowedSeasons[K] } = {
    foundSteps: [],
    isAperiodic: false,
    note: watch.note,
    search(step) {
      if (!watch.search(step)) return false;
      seasons.foundSteps = watch.found.map(({ seconds }) => Math.round(seconds) / gridSeconds);
      seasons.isAperiodic = watch.isAperiodic;
      // With no season at all the pattern is the level.
      if (watch.isAperiodic || !hasExperts(seasons.foundSteps)) {
        const periods = watch.found.map(({ seconds }) => seconds / gridSeconds);
        pattern.follow(periods, sqrt, step);
      } else pattern.forget();
      return true;
    },
  };
  return seasons;
}
