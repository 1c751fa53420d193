import type { Expert, ExpertContext } from './expert.ts';

/** The newest value stays: what a reactive autoscaler assumes. */
export function persistence({ sqrt }: ExpertContext): Expert {
  return {
    copyState() {},
    learn() {},
    predict(into, { farthest }) {
      if (sqrt.end === sqrt.start) return false;
      into.fill(sqrt.values[sqrt.end - 1]! ** 2, 0, farthest);
      return true;
    },
  };
}

/** The value at the same moment one short season (a day) ago. */
export const shortSeasonNaive = (context: ExpertContext) =>
  seasonalMean(context, context.shortSeasonSteps, 1);
/** The value at the same moment one long season (a week) ago. */
export const longSeasonNaive = (context: ExpertContext) => seasonalMean(context, context.longSeasonSteps, 1);
/** The mean of the values at the same moment of the last seven short seasons (days). */
export const sevenDayMean = (context: ExpertContext) => seasonalMean(context, context.shortSeasonSteps, 7);

function seasonalMean({ sqrt }: ExpertContext, season: number, seasons: number): Expert {
  return {
    copyState() {},
    learn() {},
    predict(into, { steps: wanted, count, farthest }) {
      const { values, start, end } = sqrt;
      // A moment far ahead is a full season after an earlier one sooner than a moment nearby.
      const first = Math.max(0, start + seasons * season - end);
      if (season === 0 || first >= farthest) return false;
      for (let i = 0; i < count; i++) {
        const h = wanted[i]! - 1;
        if (h < first) {
          into[h] = Number.NaN;
          continue;
        }
        // Beyond one season ahead, the same moment of the last season there is.
        const ahead = h < season ? h : h % season;
        const newest = end + ahead - season;
        if (seasons === 1) {
          const root = newest < 0 ? 0 : values[newest]!;
          into[h] = root * root;
          continue;
        }
        let sum = 0;
        for (let at = newest, oldest = newest - (seasons - 1) * season; at >= oldest; at -= season) {
          // Farther ahead than one season, `first` is too small: seasons before the window count as 0.
          const root = at < 0 ? 0 : values[at]!;
          sum += root * root;
        }
        into[h] = sum / seasons;
      }
      return true;
    },
  };
}
