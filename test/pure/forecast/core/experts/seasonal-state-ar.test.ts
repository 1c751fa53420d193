import { expect, it } from 'vitest';
import { seasonalStateAr } from '../../../../../src/forecast/core/experts/seasonal-state-ar.ts';
import { inLinear } from '../../../../../src/forecast/core/experts/spaces.ts';
import { learner } from './expert-learner.ts';

it('with a season as short as its lags the regression is not available', () => {
  const one = learner(seasonalStateAr(inLinear, 'week'), { shortSeasonSteps: 3, longSeasonSteps: 21 });
  for (let step = 0; step < 300; step++) one.feed(5 + (step % 3));
  expect(one.predict()).toBeUndefined();
});

it('soon after it is available a deviation stays, as its prior says', () => {
  const one = learner(seasonalStateAr(inLinear, 'day'), { longSeasonSteps: 0 });
  const daily = (step: number) => 50 + 40 * Math.sin((2 * Math.PI * step) / 24);
  let step = 0;
  for (; one.predict() === undefined && step < 200; step++) one.feed(daily(step));
  expect(step).toBeLessThan(100);
  one.feed(daily(step) + 10);
  const next = one.predict(1)?.[0] ?? Number.NaN;
  expect(next - daily(step + 1)).toBeGreaterThan(5);
  expect(next - daily(step + 1)).toBeLessThan(15);
});
