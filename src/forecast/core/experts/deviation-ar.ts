import { createDeviationRegression, deviationsRead } from './deviation-regression.ts';
import type { Expert, ExpertContext, ExpertFactory } from './expert.ts';

/**
 * The value one season ago plus an autoregression on how far the last hour was from its season. It has few coefficients,
 * so that it is available soon after the season has been seen once. Beyond a few hours it is the seasonal naive. In
 * square-root space.
 */
export function deviationAr(seasonOf: (context: ExpertContext) => number): ExpertFactory {
  return (context) => createDeviationAr(context, seasonOf(context));
}

function createDeviationAr(context: ExpertContext, season: number): Expert {
  const { sqrt, shortSeasonSteps, settleSteps } = context;
  const { values } = sqrt;
  const enoughRows = Math.max(48, Math.floor(shortSeasonSteps / 4));
  const deviationAt = (index: number) => values[index]! - values[index - season]!;
  const regression = createDeviationRegression(context, enoughRows, deviationAt);
  return {
    copyState: regression.copyState,
    learn(_step, _isObserved, isSettledObserved) {
      const settled = sqrt.end - 1 - settleSteps;
      if (season === 0 || !isSettledObserved || settled - sqrt.start < season + deviationsRead) return;
      regression.learn(settled);
    },
    predict(into, { farthest }) {
      if (!regression.isSolved) return false;
      const { end } = sqrt;
      regression.predict(into, farthest, end);
      for (let h = 0, back = season; h < farthest; h++, back--) {
        // Beyond one season ahead, the same moment of the last season there is.
        if (back === 0) back = season;
        const root = values[end - back]! + into[h]!;
        into[h] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
