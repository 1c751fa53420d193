import { expect, it } from 'vitest';
import { profile } from '../../../../../src/forecast/core/experts/profile.ts';
import { learner } from './expert-learner.ts';

it('the profile is what is usual, smoothed over neighbouring moments', () => {
  const one = learner(profile, { longSeasonSteps: 0 });
  for (let step = 0; step < 240; step++) one.feed(step % 24 === 11 ? 16 : 4);
  const path = one.predict(24) ?? new Float64Array();
  // Roots 2 all day but 4 once: its neighbours are (2 + 2 · 2 + 4) / 4 = 2.5, itself 3.
  expect(path[10]).toBeCloseTo(2.5 ** 2, 1);
  expect(path[11]).toBeCloseTo(9, 1);
  expect(path[20]).toBeCloseTo(4, 1);
});

it('the profile carries on a new deviation, less of it with every step', () => {
  const one = learner(profile, { longSeasonSteps: 0 });
  for (let step = 0; step < 240; step++) one.feed(4);
  one.feed(16);
  const path = one.predict(48) ?? new Float64Array();
  // The root is 2 above usual: 0.4 of it at once, which fades, and a sixth of it for longer.
  expect(Math.sqrt(path[0] ?? 0) - 2).toBeGreaterThan(0.4);
  expect(Math.sqrt(path[47] ?? 0) - 2).toBeLessThan(0.1);
});
