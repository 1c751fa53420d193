import { everyStepTo } from '../clock/horizons.ts';
import type { Expert, ExpertContext } from './expert.ts';

/** Share of the week in what is usual. */
const weekShare = 0.6;
/** Weight of the newest value in the fast deviation, which fades in two hours of a day; the slow one fades in a day. */
const fastRate = 0.4;
const slowShare = 0.8;

/**
 * What is usual at this moment of the day and the week, plus how far now is from it: the deviation of the last minutes
 * fades within hours, that of the last hours within a day. In square-root space; best beyond a few hours.
 */
export function profile({ shortSeasonSteps: day, sqrt, usualDay, usualWeek }: ExpertContext): Expert {
  const slowRate = 4 / day;
  const fadeFast = Math.exp(-12 / day);
  const fadeSlow = Math.exp(-1 / day);
  let fast = 0;
  let slow = 0;
  let newestStep = -1;

  function expected(step: number): number {
    const ofDay = usualDay.at(step);
    const ofWeek = usualWeek.at(step);
    if (Number.isNaN(ofDay)) return ofWeek;
    return Number.isNaN(ofWeek) ? ofDay : weekShare * ofWeek + (1 - weekShare) * ofDay;
  }

  return {
    learn(step, isObserved) {
      newestStep = step;
      const deviation = (sqrt.values[sqrt.end - 1] ?? 0) - expected(step);
      if (!isObserved || Number.isNaN(deviation)) return;
      fast += fastRate * (deviation - fast);
      slow += slowRate * (deviation - slow);
    },
    predict(into, steps, { steps: wanted, count } = everyStepTo(steps)) {
      if (!usualDay.isFull) return false;
      let before = 0;
      let middle = 0;
      let after = 0;
      let fastLeft = 1;
      let slowLeft = slowShare;
      for (let i = 0, h = 0; i < count; i++) {
        const target = wanted[i] ?? 1;
        const isNext = i > 0 && h + 1 === target;
        before = isNext ? middle : expected(newestStep + target - 1);
        middle = isNext ? after : expected(newestStep + target);
        after = expected(newestStep + target + 1);
        for (; h < target; h++) {
          fastLeft *= fadeFast;
          slowLeft *= fadeSlow;
        }
        // Neighbouring moments are alike; their mean has less noise.
        const usual = (before + 2 * middle + after) / 4;
        const root = usual + fastLeft * fast + (1 - fastLeft) * slowLeft * slow;
        into[target - 1] = root > 0 ? root * root : 0;
      }
      return true;
    },
  };
}
