import { describe, expect, it } from 'vitest';
import { candidates } from '../../../../../src/forecast/core/batch/candidates.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { type Learner, learner } from '../experts/expert-learner.ts';
import { normal } from '../made-series.ts';

const shortSeasonSteps = 24;
const longSeasonSteps = 168;
const horizonSteps = 48;
const threeWeeks = 3 * longSeasonSteps;

const byName = Object.entries(candidates);

function taught(make: ExpertFactory, value: (step: number) => number, steps = threeWeeks): Learner {
  const one = learner(make);
  for (let step = 0; step < steps; step++) one.feed(value(step));
  return one;
}

const daily = (step: number) => 50 + 40 * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
const weekly = (step: number) => {
  const weekend = step % longSeasonSteps >= 120;
  return 50 + (weekend ? 15 : 40) * Math.sin((2 * Math.PI * step) / shortSeasonSteps);
};

describe('the experts of a batch', () => {
  const knowNoDay = ['damped-level', 'recent-week-mean'];
  it.each(byName.filter(([name]) => !knowNoDay.includes(name)))('%s follows a daily cycle', (_name, make) => {
    const path = taught(make, daily).predict() ?? new Float64Array(horizonSteps).fill(Number.NaN);
    path.forEach((value, h) => {
      expect(Math.abs(value - daily(threeWeeks + h))).toBeLessThan(4);
    });
  });

  it.each(
    byName.filter(
      ([name]) => !['analog', 'damped-level', 'profile'].includes(name) && !name.startsWith('day'),
    ),
  )('%s foresees the weekend', (_name, make) => {
    // The last value is Friday's last, so that the next day is the first of a weekend.
    const last = threeWeeks - 48;
    const path = taught(make, weekly, last).predict() ?? [];
    const highest = Math.max(...path.slice(0, 24));
    expect(highest).toBeGreaterThan(55);
    expect(highest).toBeLessThan(75);
  });

  it.each([
    ['week-state-ar-sqrt', candidates['week-state-ar-sqrt']],
    ['week-state-ar-linear', candidates['week-state-ar-linear']],
  ])('%s lets a deviation fade as fast as deviations of that series do', (_name, make) => {
    const random = createRandom(11);
    let deviation = 0;
    const one = taught(
      make,
      (step) => {
        deviation = 0.8 * deviation + normal(random);
        return daily(step) + 60 + deviation;
      },
      6 * longSeasonSteps,
    );
    const last = 6 * longSeasonSteps;
    one.feed(daily(last) + 60 + 20);
    const path = one.predict() ?? [];
    const left = (h: number) => (path[h - 1] ?? Number.NaN) - daily(last + h) - 60;
    // 20 · 0.8 = 16, and 20 · 0.8⁸ = 3.4.
    expect(Math.abs(left(1) - 16)).toBeLessThan(4);
    expect(Math.abs(left(8) - 3.4)).toBeLessThan(4);
  });

  it('gauge-ar goes on from where a series without a season is', () => {
    const random = createRandom(5);
    let level = 500;
    const one = taught(candidates['gauge-ar'], () => {
      level += normal(random);
      return level;
    });
    expect(Math.abs((one.predict()?.[0] ?? Number.NaN) - level)).toBeLessThan(2);
  });
});
