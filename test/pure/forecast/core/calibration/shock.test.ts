import { describe, expect, it } from 'vitest';
import { isShock, Shock } from '../../../../../src/forecast/core/calibration/shock.ts';

/** A forecast of 100 whose bound was 121: a root above it. */
const usual = { base: 100, bound: 121 };

/** What a shock of 400 is after each of these truths, which were forecast by `base`. */
function stages(truths: readonly number[], base = 100) {
  const shock = new Shock({ ...usual, truth: 400 });
  return truths.map((truth) => shock.follow({ base, bound: 121, truth }, 1));
}

describe('a shock', () => {
  it('begins with demand that is twice as far above the forecast as the bound, and half as much again as the bound', () => {
    expect(isShock({ ...usual, truth: 181 })).toBe(false);
    expect(isShock({ ...usual, truth: 182 })).toBe(true);
    // Of noisy demand the bound is far up: twice as far is more than half as much again.
    expect(isShock({ base: 100, bound: 400, truth: 899 })).toBe(false);
    expect(isShock({ base: 100, bound: 400, truth: 901 })).toBe(true);
  });

  it('begins with any demand where there was none', () => {
    expect(isShock({ base: 0, bound: 0, truth: 1 })).toBe(true);
    expect(isShock({ base: 0, bound: 0, truth: 0 })).toBe(false);
  });

  it('is over when demand was back for two steps', () => {
    expect(stages([400, 400, 121, 120])).toEqual(['lasts', 'lasts', 'lasts', 'is over']);
    expect(stages([400, 120, 400, 120])).toEqual(['lasts', 'lasts', 'lasts', 'lasts']);
  });

  it('is over when forecasts have followed demand for half an hour', () => {
    expect(stages([400, 400, 400, 400, 400, 400], 380)).toEqual([...Array(5).fill('lasts'), 'is over']);
  });

  it('is the way demand is now when it is not over after six hours', () => {
    expect(stages(Array(72).fill(400))).toEqual([...Array(71).fill('lasts'), 'stays']);
  });
});
