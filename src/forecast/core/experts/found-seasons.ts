import { NormalEquations } from '../arithmetic/normal-equations.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** Deviations of the last hour say how the next ones will be. */
const lags = [1, 2, 3, 6, 12];
const longest = 12;
const ridge = 0.01;
/** Old rows lose half their weight in this many short seasons. */
const halfLifeSeasons = 4;
const solveEverySteps = 12;
const enoughRows = 48;
/** The level moves by this share a step, and its distance from the pattern's fades in about a day. */
const levelShare = 4;
const row = new Float64Array(lags.length);
const towardsNothing = lags.map(() => 0);

/**
 * Seasons that are neither the day nor the week: the batch of every seven hours, the job of every 45 minutes. The pattern
 * of all that were found, and an autoregression on how far now is from it; where there is no season at all the pattern is
 * the level. Silent, and next to nothing in memory, where the day and the week are all there is.
 */
export function foundSeasons({ shortSeasonSteps: day, settleSteps, sqrt, pattern }: ExpertContext): Expert {
  let equations: NormalEquations | undefined;
  const rate = levelShare / day;
  const fade = Math.exp(-1 / day);
  let newestStep = -1;
  let version = 0;
  let level = 0;

  /** How far the value at an index is from the pattern. */
  const distanceAt = (index: number) =>
    (sqrt.values[index] ?? 0) - pattern.at(newestStep - (sqrt.end - 1 - index));

  function levelOfWindow(): number {
    let sum = 0;
    for (let index = Math.max(sqrt.start, sqrt.end - 2 * day); index < sqrt.end; index++) {
      sum += rate * (distanceAt(index) - sum);
    }
    return sum;
  }

  return {
    learn(step, isObserved, isSettledObserved) {
      newestStep = step;
      if (!pattern.isThere) return;
      equations ??= new NormalEquations(towardsNothing, ridge, halfLifeSeasons * day);
      if (pattern.version !== version) {
        version = pattern.version;
        level = levelOfWindow();
      } else if (isObserved) {
        level += rate * (distanceAt(sqrt.end - 1) - level);
      }
      const settled = sqrt.end - 1 - settleSteps;
      if (!isSettledObserved || settled - sqrt.start < longest) return;
      for (let i = 0; i < lags.length; i++) row[i] = distanceAt(settled - (lags[i] ?? 0)) - level;
      equations.add(row, distanceAt(settled) - level);
      if (equations.rows >= enoughRows && equations.rows % solveEverySteps === 0) equations.solve();
    },
    predict(into, steps) {
      if (!pattern.isThere || equations === undefined || sqrt.end - sqrt.start < longest) return false;
      const { coefficients } = equations;
      // Never farther from the level than it has been within the hour: coefficients that explode do no harm.
      let farthest = 0;
      for (let back = 1; back <= longest; back++) {
        farthest = Math.max(farthest, Math.abs(distanceAt(sqrt.end - back) - level));
      }
      for (let h = 0; h < steps; h++) {
        let distance = 0;
        for (let i = 0; i < lags.length; i++) {
          const lag = lags[i] ?? 0;
          const known = lag > h ? distanceAt(sqrt.end + h - lag) - level : (into[h - lag] ?? 0);
          distance += (coefficients[i] ?? 0) * known;
        }
        into[h] = Math.min(farthest, Math.max(-farthest, distance));
      }
      let left = level;
      for (let h = 0; h < steps; h++) {
        left *= fade;
        const root = pattern.at(newestStep + 1 + h) + left + (into[h] ?? 0);
        into[h] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
