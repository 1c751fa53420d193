import { everyStepTo } from '../clock/horizons.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** The newest value stays: what a reactive autoscaler assumes. */
export function persistence({ sqrt }: ExpertContext): Expert {
  return {
    learn() {},
    predict(into, steps) {
      if (sqrt.end === sqrt.start) return false;
      into.fill((sqrt.values[sqrt.end - 1] ?? 0) ** 2, 0, steps);
      return true;
    },
  };
}

/** The same moment one short season (a day) ago. */
export const shortSeasonNaive = (context: ExpertContext) =>
  seasonalMean(context, context.shortSeasonSteps, 1);
/** The same moment one long season (a week) ago. */
export const longSeasonNaive = (context: ExpertContext) => seasonalMean(context, context.longSeasonSteps, 1);
/** The mean of the same moment on the last seven days. */
export const sevenDayMean = (context: ExpertContext) => seasonalMean(context, context.shortSeasonSteps, 7);

function seasonalMean({ sqrt }: ExpertContext, season: number, seasons: number): Expert {
  return {
    learn() {},
    predict(into, steps, { steps: wanted, count } = everyStepTo(steps)) {
      // Far ahead it can say something before it can nearby.
      const { values, start, end } = sqrt;
      const first = Math.max(0, start + seasons * season - end);
      if (season === 0 || first >= steps) return false;
      for (let i = 0; i < count; i++) {
        const h = (wanted[i] ?? 1) - 1;
        if (h < first) {
          into[h] = Number.NaN;
          continue;
        }
        let sum = 0;
        // Beyond one season ahead, the same moment of the last season there is.
        for (let k = 0, at = end + (h % season) - season; k < seasons; k++, at -= season) {
          const root = values[at] ?? 0;
          sum += root * root;
        }
        into[h] = sum / seasons;
      }
      return true;
    },
  };
}
