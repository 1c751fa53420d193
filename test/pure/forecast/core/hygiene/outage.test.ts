import { describe, expect, it } from 'vitest';
import { OutageRule } from '../../../../../src/forecast/core/hygiene/outage.ts';

const shortSteps = 48;
const longSteps = 7 * shortSteps;
const ruleOf = () => new OutageRule({ shortSteps, longSteps });
const masks = (rule: OutageRule, step: number, value: number) => rule.masks(step, value, 100, 0.1);
/** How many steps of a span with this demand are masked. */
const maskedWithin = (rule: OutageRule, fromStep: number, toStep: number, value: number) => {
  let masked = 0;
  for (let step = fromStep; step < toStep; step++) if (masks(rule, step, value)) masked++;
  return masked;
};

describe('the outage rule', () => {
  it('masks values near nothing where clearly more was expected, and only those', () => {
    const rule = ruleOf();
    expect([0, 0.9, 1].map((value, step) => masks(rule, step, value))).toEqual([true, true, false]);
  });

  it('masks nothing where the fall is within ten typical errors', () => {
    // √100 − √1 = 9 is not above 10 × 0.9.
    expect(ruleOf().masks(0, 0, 100, 0.9)).toBe(false);
    expect(ruleOf().masks(0, 0, 100, 0.89)).toBe(true);
  });

  it('accepts that demand has ended after half a day, until demand comes back', () => {
    const rule = ruleOf();
    expect(maskedWithin(rule, 0, 24, 0)).toBe(24);
    expect(maskedWithin(rule, 24, 40, 0)).toBe(0);
    expect(maskedWithin(rule, 40, 140, 100)).toBe(0);
    expect(masks(rule, 140, 0)).toBe(true);
  });

  it('masks a pause once, and learns it where it comes again at about that time of another day', () => {
    const rule = ruleOf();
    maskedWithin(rule, 0, 4 * shortSteps, 100);
    expect(maskedWithin(rule, 4 * shortSteps + 10, 4 * shortSteps + 14, 0)).toBe(4);
    maskedWithin(rule, 4 * shortSteps + 14, 5 * shortSteps, 100);
    // At quite another time of day it is an outage; at the same time, or an hour later, it is a habit.
    expect(maskedWithin(rule, 5 * shortSteps + 30, 5 * shortSteps + 34, 0)).toBe(4);
    maskedWithin(rule, 5 * shortSteps + 34, 6 * shortSteps, 100);
    expect(maskedWithin(rule, 6 * shortSteps + 11, 6 * shortSteps + 16, 0)).toBe(0);
  });

  it('remembers a pause of the same day last week, and none that is older', () => {
    for (const [days, masked] of [
      [7, 0],
      [9, 4],
    ] as const) {
      const rule = ruleOf();
      maskedWithin(rule, 10, 14, 0);
      maskedWithin(rule, 14, days * shortSteps, 100);
      expect(maskedWithin(rule, days * shortSteps + 10, days * shortSteps + 14, 0)).toBe(masked);
    }
  });

  it('finds no outage in demand that is absent for a tenth of its time', () => {
    const rule = ruleOf();
    let masked = 0;
    for (let step = 0; step < 30 * shortSteps; step++) {
      // One step in seven is empty, at ever different times of the day.
      if (masks(rule, step, step % 7 === 0 ? 0 : 100) && step > 20 * shortSteps) masked++;
    }
    expect(masked).toBe(0);
  });
});
