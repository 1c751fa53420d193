import { describe, expect, it } from 'vitest';
import type { Expert, ExpertContext } from '../../../src/forecast/core/experts/expert.ts';
import { experts } from '../../../src/forecast/core/experts/index.ts';
import { createSeriesWindow } from '../../../src/forecast/core/series.ts';
import { createRandom } from '../../../src/load/random.ts';
import { normal } from './series.ts';

const shortSeasonSteps = 24;
const longSeasonSteps = 168;
const horizonSteps = 48;

interface Learner {
  feed(value: number, isObserved?: boolean): void;
  predict(): Float64Array | undefined;
}

function learner(make: (context: ExpertContext) => Expert): Learner {
  const capacity = 2 * longSeasonSteps + shortSeasonSteps + 2;
  const log = createSeriesWindow(capacity);
  const sqrt = createSeriesWindow(capacity);
  const expert = make({ shortSeasonSteps, longSeasonSteps, horizonSteps, log, sqrt });
  let step = -1;
  return {
    feed(value, isObserved = true) {
      step++;
      log.push(Math.log1p(value));
      sqrt.push(Math.sqrt(value));
      expert.learn(step, isObserved);
    },
    predict() {
      const path = new Float64Array(horizonSteps);
      return expert.predict(path, horizonSteps) ? path : undefined;
    },
  };
}

const seasonal = (step: number) => {
  const weekend = step % longSeasonSteps >= 120;
  return 50 + (weekend ? 15 : 40) * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
};
const threeWeeks = 3 * longSeasonSteps;

describe.each(Object.entries(experts))('the expert %s', (_name, make) => {
  it('says "not yet" or something finite from the first value on', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) {
      one.feed(seasonal(step));
      const path = one.predict();
      if (path !== undefined) expect(path.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    }
    expect(one.predict()).toBeDefined();
  });

  it('stays finite on zeros, constants, jumps and huge values', () => {
    for (const value of [
      () => 0,
      () => 7,
      (s: number) => (s % 50 === 0 ? 1e12 : 1),
      (s: number) => (s < 300 ? 1e-9 : 1e9),
    ]) {
      const one = learner(make);
      for (let step = 0; step < threeWeeks; step++) one.feed(value(step));
      const path = one.predict();
      expect(path?.every((v) => Number.isFinite(v) && v >= 0)).toBe(true);
    }
  });

  it('gives the same answer for the same values', () => {
    const [one, other] = [learner(make), learner(make)];
    for (let step = 0; step < threeWeeks; step++) {
      one.feed(seasonal(step));
      other.feed(seasonal(step));
    }
    expect(one.predict()).toEqual(other.predict());
  });

  it('does not change by being asked', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) one.feed(seasonal(step));
    expect(one.predict()).toEqual(one.predict());
  });

  it('goes on through imputed values', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) one.feed(seasonal(step), step % 5 !== 0);
    expect(one.predict()?.every((value) => Number.isFinite(value))).toBe(true);
  });

  it('predicts a level that never changes', () => {
    const one = learner(make);
    for (let step = 0; step < threeWeeks; step++) one.feed(42);
    for (const value of one.predict() ?? [Number.NaN]) expect(value).toBeCloseTo(42, 1);
  });
});

describe('the experts', () => {
  const knowTheDay = ['day-naive', 'profile', 'ridge-ar-day-log'];
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
    for (let step = 0; step < last; step++) one.feed(seasonal(step));
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
    const one = learner(experts['ridge-ar-day-log']);
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
