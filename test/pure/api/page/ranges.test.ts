import { describe, expect, it } from 'vitest';
import {
  aheadSeconds,
  chosenRange,
  decisionStep,
  rangesOf,
} from '../../../../src/api/page/workload/ranges.js';

describe('the ranges of a workload', () => {
  it('are eight hours, a day and a week at the usual horizon, and a link names one of them', () => {
    const ranges = rangesOf(7200);
    expect(ranges.map(({ text }) => text)).toEqual(['8h', '1d', '7d']);
    expect(chosenRange(ranges, '7d').seconds).toBe(7 * 86_400);
    for (const other of [undefined, '', 'tomorrow']) expect(chosenRange(ranges, other).text).toBe('1d');
  });

  it('have at most 400 decisions, at round distances', () => {
    for (const seconds of [60, 480, 28_800, 86_400, 7 * 86_400, 28 * 86_400]) {
      const step = decisionStep(seconds);
      expect(seconds / step).toBeLessThanOrEqual(400);
      expect(seconds / step).toBeGreaterThan(50);
    }
    expect(decisionStep(86_400)).toBe(300);
  });

  it('look ahead as far as the horizon, farther in long ranges, and at most a day', () => {
    expect(aheadSeconds(28_800, 7200)).toBe(7200);
    expect(aheadSeconds(86_400, 7200)).toBe(14_400);
    expect(aheadSeconds(28 * 86_400, 7200)).toBe(86_400);
  });
});
