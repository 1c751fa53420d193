import { everyStepTo } from '../clock/horizons.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** What is usual at the moment of the week: a mean of the last weeks. */
export function usualWeek({ usualWeek: usual }: ExpertContext): Expert {
  let newestStep = -1;
  return {
    learn(step) {
      newestStep = step;
    },
    predict(into, steps, { steps: wanted, count } = everyStepTo(steps)) {
      if (!usual.isFull) return false;
      for (let i = 0; i < count; i++) {
        const h = wanted[i] ?? 1;
        into[h - 1] = usual.at(newestStep + h) ** 2;
      }
      return true;
    },
  };
}
