import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivals, type Gap, poissonGap } from '../../../../demo/load/arrivals.ts';
import { createRandom, createWorkingWeek, type LoadShape } from '../../../../src/load-shapes/index.ts';

/** Counts of each stretch of time between the given moments, the carry handed on as the generator does. */
function countsBetween(rateAt: LoadShape, moments: readonly number[], gap?: Gap): number[] {
  let untilNext = gap?.() ?? 1;
  return moments.slice(1).map((to, i) => {
    const due = arrivals(rateAt, moments[i] ?? Number.NaN, to, untilNext, gap);
    untilNext = due.untilNext;
    return due.count;
  });
}
const every = (seconds: number, count: number) => Array.from({ length: count + 1 }, (_, i) => i * seconds);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('arrivals', () => {
  it('come exactly at a constant rate, fractions carried over', () => {
    expect(countsBetween(() => 8, every(0.125, 8))).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    expect(countsBetween(() => 3, every(0.125, 8))).toEqual([0, 0, 1, 0, 0, 1, 0, 1]);
    expect(arrivals(() => 3, 0, 0.125, 1)).toEqual({ count: 0, untilNext: 0.625 });
  });

  it('add up to the integral of a changing rate, however the ticks fall', () => {
    const ramp: LoadShape = (t) => 10 * t;
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 0.9, noNaN: true }), { minLength: 5, maxLength: 200 }),
        (steps) => {
          let end = 0;
          const moments = [0, ...steps.map((step) => (end += step))];
          expect(Math.abs(sum(countsBetween(ramp, moments)) - 5 * end ** 2)).toBeLessThanOrEqual(1 + 1e-6);
        },
      ),
    );
  });

  it('follow the working week through a compressed day', () => {
    const shape = createWorkingWeek({ peakRequestsPerSecond: 50, seed: 1, daySeconds: 240 });
    const counts = countsBetween(shape, every(0.02, 240 / 0.02));
    const integral = every(0.02, 240 / 0.02 - 1).reduce((total, t) => total + shape(t + 0.01) * 0.02, 0);
    expect(Math.abs(sum(counts) - integral)).toBeLessThanOrEqual(1 + 1e-6);
  });

  it('as a Poisson process have a variance like their mean, and the wanted mean', () => {
    const counts = countsBetween(() => 20, every(1, 5000), poissonGap(createRandom(7)));
    const mean = sum(counts) / counts.length;
    const variance = sum(counts.map((count) => (count - mean) ** 2)) / counts.length;
    // Standard errors: mean √(20/5000) ≈ 0.063; variance about 20·√(2/5000) ≈ 0.4.
    expect(Math.abs(mean - 20)).toBeLessThan(0.25);
    expect(Math.abs(variance - 20)).toBeLessThan(1.6);
  });

  it('bring nothing for a rate that is no positive number, or while time stands still or runs backwards', () => {
    for (const rate of [0, -5, Number.NaN, Infinity]) {
      expect(arrivals(() => rate, 0, 10, 0.5)).toEqual({ count: 0, untilNext: 0.5 });
    }
    expect(arrivals(() => 100, 10, 10, 0.5)).toEqual({ count: 0, untilNext: 0.5 });
    expect(arrivals(() => 100, 10, 9, 0.5)).toEqual({ count: 0, untilNext: 0.5 });
  });
});
