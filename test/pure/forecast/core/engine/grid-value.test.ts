import { describe, expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createGridValueCheck } from '../../../../../src/forecast/core/engine/grid-value.ts';

const shortSteps = 288;
const lengths = lengthsOf({ stepSeconds: 300 });

function checkOf(expected: number, firstDemand = expected, usual = Number.NaN) {
  const check = createGridValueCheck(lengths, {
    nextStep: () => expected / (check.unit || 1),
    usualNextStep: () => usual / (check.unit || 1),
    typicalError: () => 0.1,
  });
  check.begin(firstDemand);
  return check;
}

/** Takes a step whose rows are all alike. */
function note(check: ReturnType<typeof checkOf>, step: number, demand: number, isCensored: boolean) {
  return check.note(step, demand, isCensored, demand);
}

describe('a grid value', () => {
  it('is observed, missing, or censored below what was expected', () => {
    const check = checkOf(50);
    const kinds = [
      note(check, 0, 50, false),
      note(check, 1, Number.NaN, false),
      note(check, 2, 49, true),
      note(check, 3, 51, true),
    ];
    expect(kinds).toEqual(['observed', 'missing', 'censored', 'observed']);
    expect(check).toMatchObject({ observedSteps: 2, lastPresentStep: 3 });
  });

  it('of next to nothing is an outage once a week of days has been observed, for half a day', () => {
    const check = checkOf(50);
    expect(note(check, 0, 0, false)).toBe('observed');
    for (let step = 1; step < 7 * shortSteps; step++) note(check, step, 50, false);
    const kinds = Array.from({ length: 145 }, (_, i) => note(check, 7 * shortSteps + i, 0, false));
    expect(kinds).toEqual([...Array(144).fill('outage'), 'observed']);
  });

  it('of what is usual is no outage, however much more was expected', () => {
    const check = checkOf(1e6, 50, 60);
    for (let step = 0; step < 7 * shortSteps; step++) note(check, step, 50, false);
    expect(note(check, 7 * shortSteps, 50, false)).toBe('observed');
    expect(note(check, 7 * shortSteps + 1, 0.5, false)).toBe('outage');
  });

  it('that is lonely raises no credible maximum', () => {
    const check = checkOf(10);
    for (const [step, value] of [10, 11, 29, 12].entries()) note(check, step, value, false);
    expect(check.credibleMaximum).toBe(12);
    expect(check.highestCredible).toBe(18);
  });

  it('far above all before is incredible for half an hour, and nothing is learned from it', () => {
    const check = checkOf(10);
    const kinds = Array.from({ length: 8 }, (_, step) => note(check, step, 1000 + step, false));
    expect(kinds).toEqual([...Array(6).fill('incredible'), 'observed', 'observed']);
    expect(check).toMatchObject({ observedSteps: 2, lastPresentStep: 7, lastingSteps: 7 });
  });

  it('that is incredible sets no unit', () => {
    const check = checkOf(0);
    note(check, 0, 1e12, false);
    expect(check.unit).toBe(0);
  });

  it('of single requests makes rows credible that are far above any mean, once they have come on another day', () => {
    const check = checkOf(6, 6);
    check.note(0, 6, false, 30);
    expect(check.incredibleAbove).toBe(18);
    check.note(shortSteps, 6, false, 30);
    expect(check.incredibleAbove).toBe(90);
    expect(check.credibleMaximum).toBe(6);
  });

  it('makes any row credible while nothing above 0 has been seen', () => {
    expect(checkOf(0).highestCredible).toBe(Number.POSITIVE_INFINITY);
  });
});
