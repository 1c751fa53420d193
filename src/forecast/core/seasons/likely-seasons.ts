import { cyclesIn, isMultiple, type SeasonTests, type TestedSeason } from './season-test.ts';
import type { SteadyWindow } from './steady-window.ts';

/** A likely period is a season if −ln of the probability of chance is at least this. */
const likelyEvidence = 6;
/** Less evidence is enough beside another season that is up to seven times longer or shorter, as the day of a week is. */
const relatedEvidence = 5;
const mostRelated = 7;
/** With fewer cycles than this, slow noise can look like a season, so that more evidence is needed. */
const fewCycles = 4;
const moreForFew = 2;
/** A season that explains less of the variation than this is of no use to a forecast. */
const leastStrength = 0.1;

/** Which of some likely periods (seconds, rising) are seasons of their own, longest first. */
export function findLikelySeasons(
  likely: readonly number[],
  windowOf: (seconds: number) => SteadyWindow,
  tests: SeasonTests,
): TestedSeason[] {
  const tested = likely.map((seconds) => {
    // Lines that a shorter likely period can explain prove nothing for a multiple of it.
    const shorter = likely.filter((other) => isMultiple(seconds, other)).at(-1);
    const window = windowOf(seconds);
    const more = cyclesIn(window, seconds) < fewCycles ? moreForFew : 0;
    const except = shorter === undefined ? 1 : Math.round(seconds / shorter);
    return { window, more, ...tests.test(window, seconds, except) };
  });
  const sure = tested.filter(({ evidence, more }) => evidence >= likelyEvidence + more);
  const found: TestedSeason[] = [];
  for (const { window, more, ...season } of tested.toReversed()) {
    const hasRelative = sure.some(({ seconds }) => areRelated(seconds, season.seconds));
    if (season.evidence < (hasRelative ? relatedEvidence : likelyEvidence) + more) continue;
    if (season.strength < leastStrength) continue;
    if (found.every(({ seconds }) => tests.isOwnSeason(window, season.seconds, seconds))) found.push(season);
  }
  return found;
}

function areRelated(a: number, b: number): boolean {
  return Math.max(a, b) / Math.min(a, b) <= mostRelated && (isMultiple(a, b) || isMultiple(b, a));
}
