import { describe, expect, it } from 'vitest';
import { candidates } from '../../../../../src/forecast/core/batch/candidates.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import { experts } from '../../../../../src/forecast/core/experts/index.ts';
import { ridgeAr } from '../../../../../src/forecast/core/experts/ridge-ar.ts';
import { inSqrt } from '../../../../../src/forecast/core/experts/spaces.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal } from '../made-series.ts';
import { type Learner, learner } from './expert-learner.ts';

const shortSeasonSteps = 24;
const longSeasonSteps = 168;

const weekly = (step: number) => {
  const weekend = step % longSeasonSteps >= 120;
  return 50 + (weekend ? 15 : 40) * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
};
const threeWeeks = 3 * longSeasonSteps;

function taught(make: ExpertFactory, value: (step: number) => number, steps = threeWeeks): Learner {
  const one = learner(make);
  for (let step = 0; step < steps; step++) one.feed(value(step));
  return one;
}

const everyExpert: [string, ExpertFactory][] = [
  ...Object.entries(experts),
  ...Object.entries(candidates).map(([name, make]): [string, ExpertFactory] => [`${name} of a batch`, make]),
];

describe.each(everyExpert)('the expert %s', (_name, make) => {
  it('says something finite or "not yet", for all or for what is near, from the first value on', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) {
      one.feed(weekly(step));
      const path = one.predict();
      if (path !== undefined) expect(path.every((value) => value >= 0 || Number.isNaN(value))).toBe(true);
      expect(path?.includes(Number.POSITIVE_INFINITY)).not.toBe(true);
    }
    expect(one.predict()?.every(Number.isFinite)).toBe(true);
  });

  it('stays finite on zeros, constants, jumps and huge values', () => {
    for (const value of [
      () => 0,
      () => 7,
      (s: number) => (s % 50 === 0 ? 1e12 : 1),
      (s: number) => (s < 300 ? 1e-9 : 1e9),
    ]) {
      expect(
        taught(make, value)
          .predict()
          ?.every((v) => Number.isFinite(v) && v >= 0),
      ).toBe(true);
    }
  });

  it('gives the same answer for the same values, however often it is asked', () => {
    const one = taught(make, weekly);
    const first = one.predict();
    expect(one.predict()).toEqual(first);
    expect(taught(make, weekly).predict()).toEqual(first);
  });

  it('begins a long path as it begins a short one', () => {
    const one = taught(make, weekly);
    expect(one.predict(7)).toEqual(one.predict()?.slice(0, 7));
  });

  it('goes on through imputed values', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) one.feed(weekly(step), step % 5 !== 0);
    expect(one.predict()?.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('predicts a level that never changes', () => {
    for (const value of taught(make, () => 42).predict() ?? [Number.NaN]) expect(value).toBeCloseTo(42, 1);
  });

  it('predicts nothing or finite values where there is no season', () => {
    const one = learner(make, { shortSeasonSteps: 1, longSeasonSteps: 0 });
    for (let step = 0; step < 200; step++) one.feed(5 + Math.sin(step));
    const path = one.predict() ?? new Float64Array(1);
    expect(path.every((value) => value >= 0 || Number.isNaN(value))).toBe(true);
  });
});

describe('the experts', () => {
  const knowTheDay = ['day-naive', 'profile', 'day-deviation-ar', 'day-state-ar'];
  const knowTheWeek = Object.keys(experts).filter((name) => name.includes('week'));

  it.each(knowTheDay)('%s follows a daily cycle', (name) => {
    const one = learner(experts[name as keyof typeof experts]);
    const daily = (step: number) => 50 + 40 * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
    for (let step = 0; step < threeWeeks; step++) one.feed(daily(step));
    const path = one.predict() ?? [];
    for (let h = 1; h <= 24; h++)
      expect(Math.abs((path[h - 1] ?? Number.NaN) - daily(threeWeeks - 1 + h))).toBeLessThan(6);
  });

  it.each(knowTheWeek)('%s foresees the weekend', (name) => {
    const one = learner(experts[name as keyof typeof experts]);
    // The last value is Friday's last, so that the next day is the first of a weekend.
    const last = threeWeeks - 48;
    for (let step = 0; step < last; step++) one.feed(weekly(step));
    const path = one.predict() ?? [];
    const highest = Math.max(...path.slice(0, 24));
    expect(highest).toBeGreaterThan(50);
    expect(highest).toBeLessThan(80);
  });

  it('profile carries how far now is from it into the next hours, fading', () => {
    const one = learner(experts.profile);
    const daily = (step: number) => 50 + 40 * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
    for (let step = 0; step < threeWeeks; step++) one.feed(daily(step));
    for (let step = threeWeeks; step < threeWeeks + 4; step++) one.feed(1.5 * daily(step));
    const path = one.predict() ?? [];
    const lift = (h: number) => (path[h - 1] ?? Number.NaN) / daily(threeWeeks + 3 + h);
    expect(lift(1)).toBeGreaterThan(1.15);
    expect(lift(12)).toBeGreaterThan(1);
    expect(lift(12)).toBeLessThan(lift(1));
  });

  it('ridge-ar learns the coefficients of the process that made the values', () => {
    // y(t) = 30 + 0.6 y(t−1) + 0.3 y(t−24) + noise has the mean 300; far ahead the forecast must come back to it.
    const random = createRandom(7);
    const values: number[] = [];
    const one = learner(ridgeAr(inSqrt, () => [1, 2, 3, 23, 24, 25]));
    for (let step = 0; step < 3000; step++) {
      const value =
        30 + 0.6 * (values[step - 1] ?? 300) + 0.3 * (values[step - 24] ?? 300) + 3 * normal(random);
      values.push(value);
      one.feed(value);
    }
    one.feed(360);
    const path = one.predict() ?? [];
    expect(path[0]).toBeGreaterThan(320);
    expect(path[0]).toBeLessThan(345);
    expect(Math.abs((path[20] ?? 0) - 300)).toBeLessThan(12);
  });
});
