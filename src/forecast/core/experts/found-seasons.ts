import {
  createDeviationRegression,
  type DeviationRegression,
  deviationsRead,
} from './deviation-regression.ts';
import type { Expert, ExpertContext } from './expert.ts';

const enoughRows = 48;
/** The level follows the distance from the pattern by this share of a short season's step, and fades in about a season. */
const levelShare = 4;

/**
 * Seasons that are neither the day nor the week: the batch of every seven hours, the job of every 45 minutes. The
 * prediction is the pattern of all seasons found, a level, and an autoregression on how far demand is from the two. Where
 * no season is found at all the pattern is the level. The expert is unavailable, and next to nothing in memory, where the
 * day and the week are the only seasons.
 */
export function foundSeasons(context: ExpertContext): Expert {
  const { shortSeasonSteps: day, settleSteps, sqrt, pattern } = context;
  const { values } = sqrt;
  const rate = levelShare / day;
  const fade = Math.exp(-1 / day);
  let regression: DeviationRegression | undefined;
  let newestStep = -1;
  let version = 0;
  let level = 0;

  const createRegression = () =>
    createDeviationRegression(context, enoughRows, (index) => distanceAt(index) - level);

  /** How far the value at an index is from the pattern. */
  const distanceAt = (index: number) => values[index]! - pattern.at(newestStep - (sqrt.end - 1 - index));

  function levelOfWindow(): number {
    let sum = 0;
    for (let index = Math.max(sqrt.start, sqrt.end - 2 * day); index < sqrt.end; index++) {
      sum += rate * (distanceAt(index) - sum);
    }
    return sum;
  }

  return {
    copyState(copier) {
      newestStep = copier.number(newestStep);
      version = copier.number(version);
      level = copier.number(level);
      regression = copier.flag(regression !== undefined) ? (regression ?? createRegression()) : undefined;
      regression?.copyState(copier);
    },
    learn(step, isObserved, isSettledObserved) {
      newestStep = step;
      if (!pattern.isThere) return;
      regression ??= createRegression();
      if (pattern.version !== version) {
        version = pattern.version;
        level = levelOfWindow();
      } else if (isObserved) {
        level += rate * (distanceAt(sqrt.end - 1) - level);
      }
      const settled = sqrt.end - 1 - settleSteps;
      if (!isSettledObserved || settled - sqrt.start < deviationsRead) return;
      regression.learn(settled);
    },
    predict(into, { farthest }) {
      if (!pattern.isThere || regression === undefined || sqrt.end - sqrt.start < deviationsRead)
        return false;
      regression.predict(into, farthest, sqrt.end);
      let left = level;
      for (let h = 0; h < farthest; h++) {
        left *= fade;
        const root = pattern.at(newestStep + 1 + h) + left + into[h]!;
        into[h] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
