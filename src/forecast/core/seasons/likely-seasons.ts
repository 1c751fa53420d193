import { cyclesIn, isMultiple, isOwnSeason, type TestedSeason, testSeason } from './season-test.ts';
import type { SteadyWindow } from './steady-window.ts';

/** −ln of the probability that chance alone did it at which a likely period is believed … */
const likelyEvidence = 6;
/** … and where another is believed that is up to seven times longer or shorter, as the day of a week is. */
const relatedEvidence = 5;
const mostRelated = 7;
/** Of fewer than four cycles, where slow noise can do much, so much more is asked. */
const fewCycles = 4;
const moreForFew = 2;
/** A season that explains less of what varies with it is of no use to a forecast. */
const leastStrength = 0.1;

/** Which of some likely periods (rising) are seasons of their own, longest first. */
export function findLikelySeasons(
  likely: readonly number[],
  windowOf: (seconds: number) => SteadyWindow,
): TestedSeason[] {
  const tested = likely.map((seconds) => {
    // What a shorter likely period of which this is a multiple could have done proves nothing for this one.
    const shorter = likely.filter((other) => isMultiple(seconds, other)).at(-1);
    const window = windowOf(seconds);
    const more = cyclesIn(window, seconds) < fewCycles ? moreForFew : 0;
    return {
      window,
      more,
      ...testSeason(window, seconds, shorter === undefined ? 1 : Math.round(seconds / shorter)),
    };
  });
  const sure = tested.filter(({ evidence, more }) => evidence >= likelyEvidence + more);
  const found: TestedSeason[] = [];
  for (const { window, more, ...season } of tested.toReversed()) {
    const hasRelative = sure.some(({ seconds }) => areRelated(seconds, season.seconds));
    if (season.evidence < (hasRelative ? relatedEvidence : likelyEvidence) + more) continue;
    if (season.strength < leastStrength) continue;
    if (found.every(({ seconds }) => isOwnSeason(window, season.seconds, seconds))) found.push(season);
  }
  return found;
}

function areRelated(a: number, b: number): boolean {
  return Math.max(a, b) / Math.min(a, b) <= mostRelated && (isMultiple(a, b) || isMultiple(b, a));
}
