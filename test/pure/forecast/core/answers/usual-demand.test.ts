import { describe, expect, it } from 'vitest';
import { usualDemandOf } from '../../../../../src/forecast/core/answers/usual-demand.ts';
import { SlotMeans } from '../../../../../src/forecast/core/memory/slot-means.ts';

/** Days of two steps and weeks of four; demand of the week's slots is 4, 16, 36, 64, of the day's 9 and 25. */
function usualOf(foundSteps: readonly number[], weekSlots = 4) {
  const usualDay = new SlotMeans(2, 0.2);
  const usualWeek = new SlotMeans(4, 0.2);
  for (const [slot, root] of [3, 5].entries()) usualDay.learn(slot, root);
  for (const [slot, root] of [2, 4, 6, 8].slice(0, weekSlots).entries()) usualWeek.learn(slot, root);
  return usualDemandOf({ usualDay, usualWeek }, { shortSteps: 2, longSteps: 4 }, foundSteps);
}

describe('usual demand', () => {
  it('is the level where no season is found', () => {
    expect(usualOf([]).at(5)).toEqual({ level: 17, day: 17, week: 17 });
  });

  it('is that of the day where only a day is found', () => {
    expect(usualOf([2]).at(5)).toEqual({ level: 17, day: 25, week: 25 });
  });

  it('takes level and day from the means of the week where a week is found', () => {
    expect(usualOf([2, 4]).at(5)).toEqual({ level: 30, day: 40, week: 16 });
  });

  it('has no week before every moment of it has been seen', () => {
    const usual = usualOf([2, 4], 3);
    expect(usual.at(5)).toEqual({ level: 17, day: 25, week: 25 });
    expect(usual.seasons).toMatchObject({ isWeekFound: true, hasWeek: false, hasDay: true });
  });

  it('names seasons that are neither a day nor a week', () => {
    expect(usualOf([3]).seasons).toMatchObject({ isDayFound: false, isOtherFound: true });
  });
});
