import { NormalEquations } from '../arithmetic/normal-equations.ts';
import type { Expert, ExpertContext, ExpertFactory } from './expert.ts';

/** Deviations of the last hour say how the next ones will be. */
const lags = [1, 2, 3, 6, 12];
const longest = 12;
const ridge = 0.01;
/** Old rows lose half their weight in this many short seasons. */
const halfLifeSeasons = 4;
const solveEverySteps = 12;
const row = new Float64Array(lags.length);
const towardsNothing = lags.map(() => 0);
/** Scratch of one call; it grows to the longest path asked for. */
let scratch = new Float64Array(0);

/**
 * What was one season ago, and an autoregression on how far now is from it: few coefficients, so that it speaks soon
 * after the season has been seen once. Beyond a few hours it is the seasonal naive. In square-root space.
 */
export function deviationAr(seasonOf: (context: ExpertContext) => number): ExpertFactory {
  return (context) => createDeviationAr(context, seasonOf(context));
}

function createDeviationAr({ sqrt, shortSeasonSteps, settleSteps }: ExpertContext, season: number): Expert {
  const equations = new NormalEquations(towardsNothing, ridge, halfLifeSeasons * shortSeasonSteps);
  const { coefficients } = equations;
  const enough = Math.max(48, Math.floor(shortSeasonSteps / 4));
  let isSolved = false;

  const deviationAt = (index: number) => (sqrt.values[index] ?? 0) - (sqrt.values[index - season] ?? 0);

  return {
    learn(_step, _isObserved, isSettledObserved) {
      const settled = sqrt.end - 1 - settleSteps;
      if (season === 0 || !isSettledObserved || settled - sqrt.start < season + longest) return;
      for (let i = 0; i < lags.length; i++) row[i] = deviationAt(settled - (lags[i] ?? 0));
      equations.add(row, deviationAt(settled));
      if (equations.rows < enough || (equations.rows % solveEverySteps !== 0 && isSolved)) return;
      equations.solve();
      isSolved = true;
    },
    predict(into, steps) {
      if (!isSolved) return false;
      const { values, end } = sqrt;
      // Never farther from the season than it has been within the hour: coefficients that explode do no harm.
      let farthest = 0;
      for (let back = 1; back <= longest; back++) {
        farthest = Math.max(farthest, Math.abs(deviationAt(end - back)));
      }
      // The deviations of the last hour and those that follow in one row, so that a lag is an index.
      if (scratch.length < longest + steps) scratch = new Float64Array(2 * (longest + steps));
      const deviations = scratch;
      for (let i = 0; i < longest; i++) deviations[i] = deviationAt(end - longest + i);
      const [one = 0, two = 0, three = 0, six = 0, twelve = 0] = coefficients;
      for (let at = longest, back = season; at < longest + steps; at++, back--) {
        const deviation =
          one * (deviations[at - 1] ?? 0) +
          two * (deviations[at - 2] ?? 0) +
          three * (deviations[at - 3] ?? 0) +
          six * (deviations[at - 6] ?? 0) +
          twelve * (deviations[at - 12] ?? 0);
        const believed = Math.min(farthest, Math.max(-farthest, deviation));
        deviations[at] = believed;
        // Beyond one season ahead, the same moment of the last season there is.
        if (back === 0) back = season;
        const root = (values[end - back] ?? 0) + believed;
        into[at - longest] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
