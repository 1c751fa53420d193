import type { Expert, ExpertContext } from './expert.ts';

/** Weights of the newest value in the slots of the week and of the day, and of the week in their mixture. */
const weekRate = 0.35;
const dayRate = 0.25;
const weekShare = 0.6;
/** The deviation of now from the profile: a fast one that fades in two hours of a day, a slow one in a day. */
const fastRate = 0.4;

/**
 * A profile of the day and the week in log space, each slot an exponentially weighted mean, plus how far now is from it:
 * the deviation of the last minutes fades within hours, that of the last hours within a day. Best beyond a few hours.
 */
export function profile(context: ExpertContext): Expert {
  const { shortSeasonSteps: day, longSeasonSteps: week, horizonSteps, log } = context;
  const daySlots = new Float64Array(day).fill(Number.NaN);
  const weekSlots = new Float64Array(week).fill(Number.NaN);
  const slowRate = 4 / day;
  const fadeFast = new Float64Array(horizonSteps);
  const fadeSlow = new Float64Array(horizonSteps);
  for (let h = 0; h < horizonSteps; h++) {
    fadeFast[h] = Math.exp((-12 * (h + 1)) / day);
    fadeSlow[h] = 0.8 * Math.exp(-(h + 1) / day);
  }
  let fast = 0;
  let slow = 0;
  let newestStep = -1;
  let learned = 0;

  function expected(step: number): number {
    const ofDay = daySlots[step % day] ?? Number.NaN;
    const ofWeek = week === 0 ? Number.NaN : (weekSlots[step % week] ?? Number.NaN);
    if (Number.isNaN(ofDay)) return ofWeek;
    return Number.isNaN(ofWeek) ? ofDay : weekShare * ofWeek + (1 - weekShare) * ofDay;
  }

  return {
    learn(step, isObserved) {
      newestStep = step;
      if (!isObserved) return;
      learned++;
      const value = log.values[log.end - 1] ?? 0;
      const before = expected(step);
      learnSlot(daySlots, step, value, dayRate);
      if (week > 0) learnSlot(weekSlots, step, value, weekRate);
      if (Number.isNaN(before)) return;
      const deviation = value - before;
      fast += fastRate * (deviation - fast);
      slow += slowRate * (deviation - slow);
    },
    predict(into, steps) {
      if (learned < day) return false;
      let before = Number.NaN;
      let middle = expected(newestStep);
      let after = expected(newestStep + 1);
      for (let h = 0; h < steps; h++) {
        [before, middle, after] = [middle, after, expected(newestStep + 2 + h)];
        if (Number.isNaN(middle)) return false;
        const smooth =
          Number.isNaN(before) || Number.isNaN(after) ? middle : (before + 2 * middle + after) / 4;
        const fading = fadeFast[h] ?? 0;
        const z = smooth + fading * fast + (1 - fading) * (fadeSlow[h] ?? 0) * slow;
        into[h] = Math.max(0, Math.expm1(z));
      }
      return true;
    },
  };
}

function learnSlot(slots: Float64Array, step: number, value: number, rate: number): void {
  const slot = step % slots.length;
  const old = slots[slot] ?? Number.NaN;
  slots[slot] = Number.isNaN(old) ? value : old + rate * (value - old);
}
