import type { Expert, ExpertContext } from './expert.ts';

/** What is usual at the moment of the week: a running mean over the last weeks. */
export function usualWeek({ usualWeek: usual }: ExpertContext): Expert {
  let newestStep = -1;
  return {
    copyState(copier) {
      newestStep = copier.number(newestStep);
    },
    learn(step) {
      newestStep = step;
    },
    predict(into, { steps: wanted, count }) {
      if (!usual.isFull) return false;
      for (let i = 0; i < count; i++) {
        const h = wanted[i]!;
        into[h - 1] = usual.at(newestStep + h) ** 2;
      }
      return true;
    },
  };
}
