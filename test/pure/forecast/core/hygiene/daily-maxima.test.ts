import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DailyMaxima } from '../../../../../src/forecast/core/hygiene/daily-maxima.ts';

describe('daily maxima', () => {
  it('hold the highest value of the last 28 days', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 1000 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(steps, (jumps) => {
        const maxima = new DailyMaxima(10);
        const seen: { day: number; value: number }[] = [];
        let step = 0;
        for (const [jump, value] of jumps) {
          step += jump;
          maxima.note(step, value);
          seen.push({ day: Math.floor(step / 10), value });
          const today = Math.floor(step / 10);
          const recent = seen.filter(({ day }) => day > today - 28).map((one) => one.value);
          expect(maxima.highest).toBe(Math.max(...recent));
        }
      }),
    );
  });

  it('go back to what they were, of every day', () => {
    const maxima = new DailyMaxima(10);
    maxima.note(5, 7);
    maxima.note(15, 3);
    const before = maxima.copy();
    maxima.note(16, 1e12);
    maxima.note(25, 1e12);
    maxima.restore(before);
    maxima.note(26, 1);
    expect(maxima.highest).toBe(7);
    maxima.note(28 * 10, 1);
    expect(maxima.highest).toBe(3);
  });
});
