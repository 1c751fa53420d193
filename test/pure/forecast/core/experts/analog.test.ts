import { expect, it } from 'vitest';
import { analog } from '../../../../../src/forecast/core/experts/analog.ts';
import { learner } from './expert-learner.ts';

it('analog repeats what followed the day that was like today, not the average day', () => {
  // Every third day is twice as high in its second half, and announces it in its first.
  const odd = (step: number) => {
    const [hour, day] = [step % 24, Math.floor(step / 24)];
    return day % 3 === 0 ? (hour < 12 ? 30 : 100) : hour < 12 ? 10 : 50;
  };
  const one = learner(analog);
  for (let step = 0; step < 21 * 24 + 12; step++) one.feed(odd(step));
  const path = one.predict() ?? new Float64Array();
  for (let h = 0; h < 12; h++) expect(path[h]).toBeCloseTo(100, 0);
});
