import { expect, it } from 'vitest';
import { dampedLevel } from '../../../../../src/forecast/core/experts/damped-level.ts';
import { learner } from './expert-learner.ts';

it('the damped level follows half of a step at once, and its trend fades', () => {
  const one = learner(dampedLevel);
  one.feed(16);
  one.feed(36);
  const path = one.predict(60) ?? new Float64Array();
  // Root 4, then half of the way to 6: level 5, trend 0.1; the sum of 0.1 · 0.9ᵏ goes to 0.9.
  expect(Math.sqrt(path[0] ?? 0)).toBeCloseTo(5 + 0.09, 5);
  expect(Math.sqrt(path[59] ?? 0)).toBeCloseTo(5.9, 2);
});

it('the damped level goes on along its trend while no value is observed', () => {
  const one = learner(dampedLevel);
  one.feed(16);
  one.feed(36);
  const next = one.predict(2)?.[1];
  one.feed(1e6, false);
  expect(one.predict(1)?.[0]).toBeCloseTo(next ?? 0, 6);
});
