import { describe, expect, it } from 'vitest';
import { Unrest } from '../../../../../src/forecast/core/calibration/unrest.ts';
import {
  createStateReader,
  createStateWriter,
} from '../../../../../src/forecast/core/memory/state-copier.ts';

/** The unrest of a horizon of one step after these errors, of which the usual one is 1. */
function unrestAfter(errors: readonly number[]): Unrest {
  const unrest = new Unrest(1, 1);
  for (const [i, error] of errors.entries()) unrest.learn(error, 1, i + 1);
  return unrest;
}
const calm = Array.from({ length: 100 }, () => 1);

describe('unrest', () => {
  it('has a unit of 1 before there was an error, while errors are as usual, and where there are none', () => {
    expect(new Unrest(1, 1).unit).toBe(1);
    expect(unrestAfter(calm).unit).toBe(1);
    const none = new Unrest(1, 1);
    none.learn(0, 0, 1);
    expect(none.unit).toBe(1);
  });

  it('has the cube root of what errors of late are beside the usual ones', () => {
    expect(unrestAfter([...calm, ...calm.map(() => 2)]).unit).toBeCloseTo(Math.cbrt(2), 6);
    expect(unrestAfter([...calm, ...calm.map(() => 0.5)]).unit).toBeCloseTo(Math.cbrt(0.5), 6);
  });

  it('is small after one glitch, however high, and over within an hour', () => {
    expect(unrestAfter([...calm, 1e6]).unit).toBeLessThan(1.21);
    expect(unrestAfter([...calm, 1e6, ...calm.slice(0, 12)]).unit).toBeLessThan(1.02);
  });

  it('remembers a third of a far horizon', () => {
    const far = new Unrest(288, 25);
    for (let i = 1; i <= 100; i++) far.learn(1, 1, i);
    far.learn(3, 1, 101);
    expect(far.unit).toBeCloseTo(Math.cbrt(1.5), 6);
  });

  it('goes on where it was saved', () => {
    const saved = unrestAfter([...calm, 3, 2]);
    const other = new Unrest(1, 1);
    createStateReader().restoreBeginning(
      (copier) => other.copyState(copier),
      createStateWriter().written(saved),
    );
    expect(other.unit).toBe(saved.unit);
    for (const unrest of [saved, other]) unrest.learn(0.5, 1, 103);
    expect(other.unit).toBe(saved.unit);
  });
});
