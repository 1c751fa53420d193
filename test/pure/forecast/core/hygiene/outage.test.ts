import { describe, expect, it } from 'vitest';
import { createOutageRule } from '../../../../../src/forecast/core/hygiene/outage.ts';

describe('the outage rule', () => {
  it('masks values near nothing where clearly more was expected, and only those', () => {
    const rule = createOutageRule(10);
    expect(rule.masks(0, 100, 0.1)).toBe(true);
    expect(rule.masks(0.9, 100, 0.1)).toBe(true);
    expect(rule.masks(1, 100, 0.1)).toBe(false);
  });

  it('masks nothing where the fall is within ten typical errors', () => {
    // √100 − √1 = 9 is not above 10 × 0.9.
    expect(createOutageRule(10).masks(0, 100, 0.9)).toBe(false);
    expect(createOutageRule(10).masks(0, 100, 0.89)).toBe(true);
  });

  it('accepts that demand has ended once its patience is over, until demand comes back', () => {
    const rule = createOutageRule(3);
    const masked = (value: number) => rule.masks(value, 100, 0.1);
    expect([0, 0, 0, 0, 0].map(masked)).toEqual([true, true, true, false, false]);
    expect([100, 0].map(masked)).toEqual([false, true]);
  });
});
