import { describe, expect, it } from 'vitest';
import { UsualShift } from '../../../../../src/forecast/core/hygiene/usual-shift.ts';

describe('the shift from the usual', () => {
  it('starts at the first difference and follows a new one within two hours', () => {
    const usual = new UsualShift(288);
    usual.learn(2);
    expect(usual.shift).toBe(2);
    for (let i = 0; i < 288; i++) usual.learn(2);
    for (let i = 0; i < 24; i++) usual.learn(5);
    // A rate of 1/12 leaves (11/12)^24 = 0.124 of the difference.
    expect(usual.shift).toBeCloseTo(5 - 3 * (11 / 12) ** 24, 9);
  });

  it('knows how far differences typically are from the shift', () => {
    const usual = new UsualShift(288);
    for (let i = 0; i < 20_000; i++) usual.learn(i % 2 === 0 ? 3 : -3);
    expect(Math.abs(usual.typical - 3)).toBeLessThan(0.2);
  });
});
