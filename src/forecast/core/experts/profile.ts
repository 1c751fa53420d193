import { mixedUsual, usualAt } from '../memory/slot-means.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** Weight of the newest value in the fast deviation, which fades in two hours of a day. */
const fastRate = 0.4;
/** Share of the slow deviation, which fades in a day, that is carried on. */
const slowShare = 0.8;

/**
 * What is usual at this moment of the day and the week, plus the deviation of the last minutes, which fades within hours,
 * and that of the last hours, which fades within a day. In square-root space; best beyond a few hours.
 */
export function profile({ shortSeasonSteps: day, sqrt, usualDay, usualWeek }: ExpertContext): Expert {
  const slowRate = 4 / day;
  const fadeFast = Math.exp(-12 / day);
  const fadeSlow = Math.exp(-1 / day);
  let fast = 0;
  let slow = 0;
  let newestStep = -1;

  const usual = (step: number) => usualAt(usualDay, usualWeek, step);

  return {
    copyState(copier) {
      fast = copier.number(fast);
      slow = copier.number(slow);
      newestStep = copier.number(newestStep);
    },
    learn(step, isObserved) {
      newestStep = step;
      const deviation = sqrt.values[sqrt.end - 1]! - usual(step);
      if (!isObserved || Number.isNaN(deviation)) return;
      fast += fastRate * (deviation - fast);
      slow += slowRate * (deviation - slow);
    },
    predict(into, { steps: wanted, count }) {
      if (!usualDay.isFull) return false;
      let before = 0;
      let middle = 0;
      let after = 0;
      let fastLeft = 1;
      let slowLeft = slowShare;
      // Slots of the moment after the target: a division for each step of a path would take most of the time.
      let daySlot = 0;
      let weekSlot = 0;
      for (let i = 0, h = 0; i < count; i++) {
        const target = wanted[i]!;
        const isNext = i > 0 && h + 1 === target;
        before = isNext ? middle : usual(newestStep + target - 1);
        middle = isNext ? after : usual(newestStep + target);
        if (!isNext) {
          daySlot = (newestStep + target + 1) % usualDay.seasonSteps;
          weekSlot = (newestStep + target + 1) % usualWeek.seasonSteps;
        } else {
          daySlot = daySlot + 1 === usualDay.seasonSteps ? 0 : daySlot + 1;
          weekSlot = weekSlot + 1 === usualWeek.seasonSteps ? 0 : weekSlot + 1;
        }
        after = mixedUsual(usualDay.ofSlot(daySlot), usualWeek.ofSlot(weekSlot));
        for (; h < target; h++) {
          fastLeft *= fadeFast;
          slowLeft *= fadeSlow;
        }
        // Neighbouring moments are similar; their mean has less noise.
        const root = (before + 2 * middle + after) / 4 + fastLeft * fast + (1 - fastLeft) * slowLeft * slow;
        into[target - 1] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
