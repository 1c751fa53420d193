import { expect, it } from 'vitest';
import { slotMean } from '../../../../../src/forecast/core/experts/slot-mean.ts';
import { learner } from './expert-learner.ts';

const longSeasonSteps = 168;

it('slot-mean is the plain mean of the first weeks', () => {
  const weekOf = (step: number) => Math.floor(step / longSeasonSteps);
  const one = learner(slotMean((context) => context.longSeasonSteps, 1 / 4));
  const valueAt = (step: number) => [1, 4, 9][weekOf(step)] ?? Number.NaN;
  for (let step = 0; step < 3 * longSeasonSteps; step++) one.feed(valueAt(step));
  // Roots 1, 2 and 3: the mean root is 2.
  for (const value of one.predict() ?? [Number.NaN]) expect(value).toBeCloseTo(4, 5);
});
