import { expect, it } from 'vitest';
import { usualWeek } from '../../../../../src/forecast/core/experts/usual-week.ts';
import { learner } from './expert-learner.ts';

it('what is usual in a week is available once every moment of it has been learned', () => {
  const one = learner(usualWeek, { shortSeasonSteps: 5, longSeasonSteps: 10 });
  const value = (step: number) => (step % 10) ** 2;
  for (let step = 0; step < 13; step++) one.feed(value(step));
  expect(one.predict(3)).toBeUndefined();
  for (let step = 13; step < 20; step++) one.feed(value(step));
  expect(Array.from(one.predict(12) ?? [], Math.round)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 0, 1]);
});
