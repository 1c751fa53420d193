import { describe, expect, it } from 'vitest';
import { createGridValueCheck } from '../../../../../src/forecast/core/engine/grid-value.ts';

const shortSteps = 20;
const checkOf = (expected: number) => createGridValueCheck(shortSteps, { typicalError: 0.1 }, () => expected);

describe('a grid value', () => {
  it('is observed, missing, or censored below what was expected', () => {
    const check = checkOf(50);
    const kinds = [
      check.note(0, 50, false),
      check.note(1, Number.NaN, false),
      check.note(2, 49, true),
      check.note(3, 51, true),
    ];
    expect(kinds).toEqual(['observed', 'missing', 'censored', 'observed']);
    expect(check).toMatchObject({ observedSteps: 2, lastPresentStep: 3 });
  });

  it('of next to nothing is an outage once a week of days has been observed, for half a day', () => {
    const check = checkOf(50);
    expect(check.note(0, 0, false)).toBe('observed');
    for (let step = 1; step < 7 * shortSteps; step++) check.note(step, 50, false);
    const kinds = Array.from({ length: 11 }, (_, i) => check.note(7 * shortSteps + i, 0, false));
    expect(kinds).toEqual([...Array(10).fill('outage'), 'observed']);
  });

  it('that is lonely raises no credible maximum', () => {
    const check = checkOf(10);
    for (const [step, value] of [10, 11, 900, 12].entries()) check.note(step, value, false);
    expect(check.credibleMaximum).toBe(12);
    expect(check.highestCredible).toBe(18);
  });

  it('makes any row credible while nothing above 0 has been seen', () => {
    expect(checkOf(0).highestCredible).toBe(Number.POSITIVE_INFINITY);
  });
});
