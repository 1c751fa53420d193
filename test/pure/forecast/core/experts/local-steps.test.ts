import { describe, expect, it } from 'vitest';
import { createLocalAxis } from '../../../../../src/forecast/core/clock/local-axis.ts';
import { createTimeZone } from '../../../../../src/forecast/core/clock/time-zone.ts';
import { createExpertInputs } from '../../../../../src/forecast/core/experts/inputs.ts';
import { createLocalSteps, localHorizonSteps } from '../../../../../src/forecast/core/experts/local-steps.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const hour = 3600;
const spring = Date.UTC(2026, 2, 29, 1) / 1000;
const autumn = Date.UTC(2026, 9, 25, 1) / 1000;

/** Local steps after 50 hours until a moment in Berlin; the values count up from 0. */
function stepsUntil(gridTime: number) {
  const scratch = createScratch();
  const horizonSteps = 24;
  const inputs = createExpertInputs({
    shortSeasonSteps: 24,
    longSeasonSteps: 0,
    horizonSteps: localHorizonSteps(horizonSteps, 24),
    settleSteps: 0,
    rememberedSteps: 100,
    scratch,
  });
  const axis = createLocalAxis(createTimeZone('Europe/Berlin'), hour);
  const steps = createLocalSteps(axis, { gridSeconds: hour, horizonSteps }, inputs);
  let passed = 0;
  for (let i = 0; i < 50; i++) {
    steps.follow(gridTime - (49 - i) * hour, i, () => passed++);
    inputs.push(i, true);
  }
  return { steps, inputs, passed: () => passed };
}

describe('local steps', () => {
  it('are real steps while no change is near', () => {
    const { steps, inputs, passed } = stepsUntil(spring - 30 * hour);
    expect(steps.hasChange).toBe(false);
    expect([steps.localStep(5), steps.stepsFor(24, 26), passed(), inputs.step]).toEqual([5, 24, 0, 49]);
  });

  it('leap an hour in spring: the next real hour is read two local ones ahead', () => {
    const { steps } = stepsUntil(spring - 3 * hour);
    expect([1, 3, 4, 5].map(steps.localStep)).toEqual([1, 3, 5, 6]);
    expect(steps.stepsFor(5, 26)).toBe(6);
    expect(steps.leapUntil(300)).toBe(1);
    const path = Float64Array.from([1, 2, 3, 4, 5, 6]);
    steps.toRealSteps(path, 5, 6);
    expect([...path.subarray(0, 5)]).toEqual([1, 2, 3, 5, 6]);
  });

  it('fill the hour that no clock showed, and let it be learned', () => {
    const { inputs, passed } = stepsUntil(spring + 5 * hour);
    expect([inputs.step, passed()]).toEqual([50, 1]);
  });

  it('go back an hour in autumn, into values that are there already', () => {
    const { steps } = stepsUntil(autumn);
    expect([1, 2].map(steps.localStep)).toEqual([0, 1]);
    const path = Float64Array.from([7, 8]);
    steps.toRealSteps(path, 2, 2);
    expect(path[0]).toBeCloseTo(49, 3);
    expect(path[1]).toBe(7);
  });
});
