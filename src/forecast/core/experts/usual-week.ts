import type { Expert, ExpertContext } from './expert.ts';

/** What is usual at the moment of the week: a mean of the last weeks. */
export function usualWeek({ usualWeek: usual }: ExpertContext): Expert {
  let newestStep = -1;
  return {
    learn(step) {
      newestStep = step;
    },
    predict(into, steps) {
      if (!usual.isFull) return false;
      for (let h = 0; h < steps; h++) into[h] = usual.at(newestStep + 1 + h) ** 2;
      return true;
    },
  };
}
