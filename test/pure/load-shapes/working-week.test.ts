import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';

const day = 86_400;
const week = 7 * day;
/** 2026-03-02 00:00Z, a Monday. */
const monday = Date.UTC(2026, 2, 2) / 1000;
const quiet = { peakRequestsPerSecond: 200, baseRequestsPerSecond: 20, seed: 1, noiseRatio: 0 };

function ratesOfDay(shape: (t: number) => number, dayStart: number, daySeconds = day): number[] {
  return Array.from({ length: 288 }, (_, slot) => shape(dayStart + (slot / 288) * daySeconds));
}
const highest = (rates: readonly number[]) => Math.max(...rates);
const mean = (rates: readonly number[]) => rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
const hour = (rates: readonly number[], h: number) => rates[h * 12] ?? Number.NaN;

describe('the working week', () => {
  const shape = createWorkingWeek(quiet);
  const weekdayRates = ratesOfDay(shape, monday + day);
  const saturday = ratesOfDay(shape, monday + 5 * day);
  const sunday = ratesOfDay(shape, monday + 6 * day);

  it('rises without a dip from 06:00 to 09:30 of a weekday', () => {
    const ramp = weekdayRates.slice(6 * 12, 9.5 * 12 + 1);
    expect(ramp.every((rate, i) => i === 0 || rate > (ramp[i - 1] ?? Infinity))).toBe(true);
    expect((ramp.at(-1) ?? 0) / (ramp[0] ?? Infinity)).toBeGreaterThan(4);
  });

  it('peaks in the afternoon at the wanted rate and rests at night at the base', () => {
    expect(highest(weekdayRates)).toBeCloseTo(200, 6);
    expect(weekdayRates.indexOf(highest(weekdayRates))).toBe(15 * 12);
    expect(Math.min(...weekdayRates)).toBeCloseTo(20, 6);
  });

  it('dips at lunch and has a shoulder in the evening', () => {
    const lunch = Math.min(...weekdayRates.slice(12 * 12, 14 * 12));
    expect(lunch).toBeLessThan(0.85 * hour(weekdayRates, 11));
    expect(lunch).toBeGreaterThan(0.6 * hour(weekdayRates, 11));
    const fallBefore = hour(weekdayRates, 17) - hour(weekdayRates, 18);
    const fallOnShoulder = hour(weekdayRates, 19) - hour(weekdayRates, 20);
    expect(fallOnShoulder).toBeGreaterThan(0);
    expect(fallOnShoulder).toBeLessThan(0.3 * fallBefore);
  });

  it('is quieter, later and flatter at the weekend', () => {
    for (const weekendDay of [saturday, sunday]) {
      expect(mean(weekendDay)).toBeLessThan(0.6 * mean(weekdayRates));
      expect(highest(weekendDay)).toBeCloseTo(20 + 0.45 * 180, 6);
      expect(weekendDay.indexOf(highest(weekendDay))).toBeGreaterThan(
        weekdayRates.indexOf(highest(weekdayRates)),
      );
      const busy = weekendDay.slice(12 * 12, 21 * 12);
      expect(Math.min(...busy) / highest(busy)).toBeGreaterThan(0.75);
      expect(hour(weekendDay, 8)).toBeLessThan(0.5 * hour(weekdayRates, 8));
    }
  });

  it('repeats every week exactly when there is no noise', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2 * week, max: 2_000_000_000 }), (t) => {
        expect(shape(t + week)).toBeCloseTo(shape(t), 6);
      }),
    );
  });

  it('makes no jumps: a second changes it by less than a thousandth of the peak', () => {
    for (const noiseRatio of [0, 0.1]) {
      const rough = createWorkingWeek({ ...quiet, noiseRatio });
      let largest = 0;
      for (let t = monday; t < monday + week; t += 97)
        largest = Math.max(largest, Math.abs(rough(t + 1) - rough(t)));
      expect(largest).toBeLessThan(0.2);
    }
  });

  it('counts days of any length from unix 0, a Thursday', () => {
    const daySeconds = 120;
    const fast = createWorkingWeek({ ...quiet, daySeconds });
    const tops = Array.from({ length: 7 }, (_, d) => highest(ratesOfDay(fast, d * daySeconds, daySeconds)));
    expect(tops.map((top) => Math.round(top))).toEqual([200, 200, 101, 101, 200, 200, 200]);
    expect(fast((15 / 24) * daySeconds)).toBeCloseTo(shape(15 * 3600), 6);
    expect(shape(-1e-20)).toBeCloseTo(shape(0), 6);
  });

  it('refuses options that make no sense', () => {
    expect(() => createWorkingWeek({ ...quiet, daySeconds: 0 })).toThrow(/daySeconds/);
    expect(() => createWorkingWeek({ ...quiet, noiseRatio: 1 })).toThrow(/noiseRatio/);
    expect(() => createWorkingWeek({ ...quiet, baseRequestsPerSecond: 300 })).toThrow(
      /base 300 and peak 200/,
    );
  });
});

describe('its noise', () => {
  const clean = createWorkingWeek(quiet);
  const deviations = (seed: number) => {
    const noisy = createWorkingWeek({ ...quiet, seed, noiseRatio: 0.1 });
    return Array.from({ length: 8000 }, (_, slot) => {
      const t = monday + slot * 301;
      return noisy(t) / clean(t) - 1;
    });
  };

  it('stays within its ratio and leaves the mean where it is', () => {
    const drawn = deviations(42);
    expect(highest(drawn.map(Math.abs))).toBeLessThanOrEqual(0.1);
    expect(highest(drawn)).toBeGreaterThan(0.08);
    expect(Math.min(...drawn)).toBeLessThan(-0.08);
    // Standard error of the mean: at most 0.1/√3/√8000 ≈ 0.00065.
    expect(Math.abs(mean(drawn))).toBeLessThan(0.0026);
  });

  it('is the same for the same seed in any order of asking, and another for another seed', () => {
    const first = createWorkingWeek({ ...quiet, seed: 9, noiseRatio: 0.1 });
    const again = createWorkingWeek({ ...quiet, seed: 9, noiseRatio: 0.1 });
    const times = Array.from({ length: 500 }, (_, i) => monday + i * 577);
    const backwards = times.toReversed().map((t) => again(t));
    expect(times.map((t) => first(t))).toEqual(backwards.toReversed());
    expect(deviations(9)).not.toEqual(deviations(10));
  });
});
