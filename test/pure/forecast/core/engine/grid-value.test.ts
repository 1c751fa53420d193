import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createGridValueCheck } from '../../../../../src/forecast/core/engine/grid-value.ts';

const shortSteps = 288;
const lengths = lengthsOf({ stepSeconds: 300 });

function checkOf(expected: number, firstDemand = expected) {
  const check = createGridValueCheck(lengths, { typicalError: 0.1 }, () => expected / (check.unit || 1));
  check.begin(firstDemand);
  return check;
}

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
    const kinds = Array.from({ length: 145 }, (_, i) => check.note(7 * shortSteps + i, 0, false));
    expect(kinds).toEqual([...Array(144).fill('outage'), 'observed']);
  });

  it('that is lonely raises no credible maximum', () => {
    const check = checkOf(10);
    for (const [step, value] of [10, 11, 29, 12].entries()) check.note(step, value, false);
    expect(check.credibleMaximum).toBe(12);
    expect(check.highestCredible).toBe(18);
  });

  it('far above all before is incredible for half an hour, and nothing is learned from it', () => {
    const check = checkOf(10);
    const kinds = Array.from({ length: 7 }, (_, step) => check.note(step, 1000 + step, false));
    expect(kinds).toEqual([...Array(5).fill('incredible'), 'observed', 'observed']);
    expect(check).toMatchObject({ observedSteps: 2, lastPresentStep: 6, lastingSteps: 6 });
  });

  it('that is incredible sets no unit', () => {
    const check = checkOf(0);
    check.note(0, 1e12, false);
    expect(check.unit).toBe(0);
  });

  it('makes any row credible while nothing above 0 has been seen', () => {
    expect(checkOf(0).highestCredible).toBe(Number.POSITIVE_INFINITY);
  });
});
