import { describe, expect, it } from 'vitest';
import { CredibleMaximum } from '../../../../../src/forecast/core/hygiene/credible-maximum.ts';

const stepsPerDay = 288;
const lastingSteps = 6;

function begun(value = 6): CredibleMaximum {
  const maximum = new CredibleMaximum(stepsPerDay, lastingSteps);
  maximum.begin(value);
  return maximum;
}

/** Takes the values of steps in a row and tells which of them were credible. */
function note(maximum: CredibleMaximum, values: readonly number[], fromStep = 0): boolean[] {
  return values.map((value, index) => maximum.note(fromStep + index, value));
}

describe('the credible maximum', () => {
  it('is the highest median of three values in a row, so that a single spike does not count', () => {
    const maximum = begun();
    note(maximum, [5, 7, 18, 6]);
    expect(maximum.value).toBe(7);
  });

  it('follows what lasts for two values, where it is not far above all before', () => {
    const maximum = begun();
    note(maximum, [5, 7, 18, 17]);
    expect(maximum.value).toBe(17);
  });

  it('does not follow what is far above all before, however high, until it has lasted', () => {
    const maximum = begun();
    expect(note(maximum, [5, 1e12, 40, 1e3, 1e300, 60, 5])).toEqual([true, ...Array(5).fill(false), true]);
    expect(maximum.value).toBe(6);
    expect(note(maximum, [40, 60, 50, 70, 45, 55, 65], 100)).toEqual([...Array(5).fill(false), true, true]);
    expect(maximum.value).toBeGreaterThanOrEqual(40);
    expect(maximum.value).toBeLessThan(70);
  });

  it('learns little from a surge that lasts as long but was absurd at first', () => {
    const maximum = begun();
    expect(note(maximum, [1e12, 1e12, 40, 42, 41, 40])).toEqual([...Array(5).fill(false), true]);
    expect(maximum.value).toBe(40);
  });

  it('follows what comes again on another day about as high, and not what is far higher than the first time', () => {
    const maximum = begun();
    expect(note(maximum, [5, 100, 5])).toEqual([true, false, true]);
    expect(note(maximum, [100, 5], stepsPerDay / 4)).toEqual([false, true]);
    expect(note(maximum, [1e9, 5], stepsPerDay)).toEqual([false, true]);
    expect(note(maximum, [130, 5], 2 * stepsPerDay)).toEqual([true, true]);
    expect(maximum.value).toBe(130);
  });

  it('follows what comes at another time of another day only when it has come on two', () => {
    const maximum = begun();
    const morning = stepsPerDay / 3;
    note(maximum, [100, 5], morning);
    const evening = 2 * stepsPerDay - 40;
    expect(note(maximum, [100, 5], evening)).toEqual([false, true]);
    expect(note(maximum, [100, 5], evening + stepsPerDay)).toEqual([true, true]);
    expect(maximum.value).toBe(100);
  });

  it('follows what comes an hour earlier or later on another day, and not what comes two', () => {
    for (const [hours, isCredible] of [
      [1, true],
      [-1, true],
      [2, false],
      [-2, false],
    ] as const) {
      const maximum = begun();
      note(maximum, [100, 5], 3 * stepsPerDay);
      expect(note(maximum, [100], 4 * stepsPerDay + hours * (stepsPerDay / 24))).toEqual([isCredible]);
    }
  });

  it('is what it was before, once demand that had lasted is back for half an hour', () => {
    const maximum = begun();
    note(maximum, Array(24).fill(1e12), 100);
    expect(maximum).toMatchObject({ value: 1e12, isUnproven: true });
    note(maximum, Array(lastingSteps).fill(8), 124);
    expect(maximum.isUnproven).toBe(false);
    expect(maximum.value).toBeLessThanOrEqual(8);
    // What is far above it is incredible again.
    expect(note(maximum, [30], 130)).toEqual([false]);
  });

  it('holds what lasts for more than six hours, and what has come before', () => {
    const level = begun();
    note(level, Array(6 + stepsPerDay / 4).fill(100), 100);
    expect(level.isUnproven).toBe(false);
    note(level, Array(20).fill(6), 200);
    expect(level.value).toBe(100);
    const habit = begun();
    for (const dayNumber of [1, 2]) {
      note(habit, Array(12).fill(100), dayNumber * stepsPerDay);
      note(habit, Array(20).fill(6), dayNumber * stepsPerDay + 12);
    }
    expect(habit.value).toBe(100);
  });

  it('follows what comes all the time but never lasts, after half a day', () => {
    const maximum = begun(0);
    const values = Array.from({ length: stepsPerDay }, (_, step) => (step % 4 === 0 ? 1 : 0));
    const credible = note(maximum, values);
    expect(credible.slice(0, 140).filter(Boolean)).toHaveLength(105);
    expect(credible.slice(-4)).toEqual([true, true, true, true]);
    expect(maximum.value).toBe(1);
  });
});
