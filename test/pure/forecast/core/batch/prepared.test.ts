import { describe, expect, it } from 'vitest';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';

const season = 24;
const cycle = (step: number) => 100 + 50 * Math.sin((2 * Math.PI * step) / season);
const values = Array.from({ length: 700 }, (_, step) => cycle(step));

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

  it('fills what is missing from a season earlier and says so', () => {
    const holed = values.map((value, step) => (step >= 600 && step < 660 ? Number.NaN : value));
    const { values: prepared, isObserved, scale, base } = prepare(holed, season);
    expect(isObserved.reduce((sum, one) => sum + one, 0)).toBe(640);
    for (let step = 600; step < 660; step++)
      expect(base + scale * (prepared[step] ?? 0)).toBeCloseTo(cycle(step), 5);
  });

  it('takes the first value there is for what is missing before it', () => {
    const { values: prepared, scale } = prepare([Number.NaN, Number.NaN, 8, 4, 8, 4], 2);
    expect(prepared.every((value) => value > 0)).toBe(true);
    expect(scale).toBe(6);
  });

  it('measures a series that is high for its range from nearer to it', () => {
    const { base, scale } = prepare([1_000_000, 1_000_001, 1_000_002], 1);
    expect(base).toBe(1_000_000 - 16);
    expect(scale).toBe(17);
  });
});
