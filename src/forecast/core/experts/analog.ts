import { GrowingNumbers } from '../memory/scratch.ts';
import type { Expert, ExpertContext } from './expert.ts';
import { createNearestMoments } from './nearest-moments.ts';

/** The difference of level fades with this time constant, in short seasons. */
const levelFadeSeasons = 0.7;
/** Nearest moments move on with time; new ones are searched once in this many 288ths of a season. */
const searchEvery = 12;

/**
 * Analogs (Lorenz 1969): the mean of what followed the earlier moments, at about this time of day, whose last day was most
 * similar to the last one, moved to the present level. It follows holidays, odd days and shapes that no linear model does.
 */
export function analog({ shortSeasonSteps: day, sqrt, scratch }: ExpertContext): Expert {
  const { values } = sqrt;
  const nearest = createNearestMoments(sqrt, day);
  const { ages, distances } = nearest;
  const searchEverySteps = Math.max(1, Math.round((searchEvery * day) / 288));
  const fade = Math.exp(-1 / (levelFadeSeasons * day));
  const scratchRoots = scratch.of(createRoots);

  return {
    copyState: nearest.copyState,
    learn(step) {
      if (step % searchEverySteps === 0 && sqrt.end - sqrt.start > 3 * day) nearest.search();
    },
    predict(into, { steps: wanted, count }) {
      const found = nearest.count;
      if (found === 0) return false;
      const { end } = sqrt;
      const roots = scratchRoots.atLeast(count).fill(0, 0, count);
      const levelNow = nearest.levelAt(end);
      let sum = 0;
      for (let i = 0; i < found; i++) sum += 1 / distances[i]!;
      let shift = 0;
      for (let i = 0; i < found; i++) {
        const start = end - ages[i]!;
        const weight = 1 / distances[i]! / sum;
        shift += weight * (levelNow - nearest.levelAt(start));
        for (let w = 0; w < count; w++) {
          // Beyond the window, the same moment of the last day there is.
          let at = start + wanted[w]! - 1;
          while (at >= end) at -= day;
          roots[w]! += weight * values[at]!;
        }
      }
      for (let w = 0, h = 0; w < count; w++) {
        const target = wanted[w]!;
        for (; h < target; h++) shift *= fade;
        const root = roots[w]! + shift;
        into[target - 1] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}

/** The roots of what is predicted. */
const createRoots = () => new GrowingNumbers();
