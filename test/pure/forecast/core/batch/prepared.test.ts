import { describe, expect, it } from 'vitest';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';

describe('a prepared series', () => {
  it('has a mean near 1 from a base of 0, and gives the caller back its unit', () => {
    const { values, base, scale } = prepare([2, 4, 6, 8], 2);
    expect(base).toBe(0);
    expect([...values]).toEqual([0.4, 0.8, 1.2, 1.6]);
    expect(base + scale * (values[3] ?? 0)).toBeCloseTo(8, 12);
  });

  it('fills a gap with the value one season earlier, in the first season with the newest', () => {
    const { values, scale, isObserved, observedCount } = prepare([2, Number.NaN, 4, -1, 4], 2);
    expect([...values].map((value) => Math.round(value * scale))).toEqual([2, 2, 4, 2, 4]);
    expect([...isObserved]).toEqual([1, 0, 1, 0, 1]);
    expect(observedCount).toBe(3);
  });

  it('measures a series far above 0 from a base at most eight ranges below it', () => {
    expect(prepare([1000, 1001], 1).base).toBe(992);
  });
});
