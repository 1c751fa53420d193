import { daySeconds } from '../clock/grid.ts';
import { findLikelySeasons } from './likely-seasons.ts';
import { findOddSeasons } from './odd-seasons.ts';
import { createSeasonTests, type TestedSeason } from './season-test.ts';
import { largestSpectrum } from './spectrum.ts';
import { type GridWindow, meansOf, type SteadyWindow, withoutGaps } from './steady-window.ts';

const longestSeconds = 14 * daySeconds;
/** A period of fewer coarse steps than this is searched in the fine window. */
const fewestCoarseSteps = 8;
const mostCoarseValues = 1024;

/** Windows of the newest values, best in square-root space, NaN where a value is missing. */
export interface SeasonSearch {
  /** Values at the grid's step; the newest 4,096 are read, a fortnight at five minutes. */
  readonly fine: GridWindow;
  /** Means over longer steps that reach farther back, for days and weeks (default: means of `fine`); the newest 1,024 are read. */
  readonly coarse?: GridWindow | undefined;
  /** Periods that need less evidence than others, seconds. */
  readonly likelySeconds: readonly number[];
}

/** A likely period is given exactly, any other to a fraction of a step; round it to whole steps to look that far back. */
type FoundSeason = Pick<TestedSeason, 'seconds' | 'strength'>;

/**
 * Finds the seasons of the windows, shortest first; none where there is none. A likely period is found from two cycles on,
 * any other, between two fine steps and 14 days, from three. docs/adr/0006 says how they are told from chance. The cost is
 * bounded: a few dozen Fourier transforms of at most 4,096 values. `tests` is working memory, which a caller that searches
 * often keeps; what is found does not depend on it.
 */
export function findSeasons(search: SeasonSearch, tests = createSeasonTests()): FoundSeason[] {
  const { fine, coarse, likelySeconds } = search;
  const values = withoutGaps(fine.values, largestSpectrum);
  if (values === undefined) return [];
  const short: SteadyWindow = { values, stepSeconds: fine.stepSeconds };
  const long = coarseWindow(short, coarse);
  const border = fewestCoarseSteps * long.stepSeconds;
  const likely = [...likelySeconds].sort((a, b) => a - b);
  const found = findLikelySeasons(likely, (seconds) => (seconds >= border ? long : short), tests);
  const slow = findOddSeasons(
    { window: long, shortest: border, longest: longestSeconds, likely, known: found },
    tests,
  );
  const fast = findOddSeasons(
    { window: short, shortest: 2 * short.stepSeconds, longest: border, likely, known: [...found, ...slow] },
    tests,
  );
  // A likely season may turn out to be a part of an odd one.
  const odd = [...slow, ...fast];
  return found
    .filter(({ seconds }) =>
      odd.every((other) => !isPart(seconds, other.seconds) || tests.outdoes(long, seconds, other.seconds)),
    )
    .concat(odd)
    .map(({ seconds, strength }) => ({ seconds, strength }))
    .sort((a, b) => a.seconds - b.seconds);
}

function isPart(seconds: number, longer: number): boolean {
  const times = longer / seconds;
  return times > 1.5 && Math.abs(times - Math.round(times)) < 0.02;
}

/** The coarse window if it reaches back at least as far as the fine one (a tenth may be missing), else means of the fine one. */
function coarseWindow(short: SteadyWindow, coarse: GridWindow | undefined): SteadyWindow {
  const values = coarse && withoutGaps(coarse.values, mostCoarseValues);
  if (
    coarse &&
    values &&
    values.length * coarse.stepSeconds > 0.9 * short.values.length * short.stepSeconds
  ) {
    return { values, stepSeconds: coarse.stepSeconds };
  }
  const steps = Math.ceil(short.values.length / mostCoarseValues);
  return { values: meansOf(short.values, steps), stepSeconds: steps * short.stepSeconds };
}
