import { describe, expect, it } from 'vitest';
import {
  createExpertInputs,
  type ExpertInputsOptions,
} from '../../../../../src/forecast/core/experts/inputs.ts';
import { inLinear } from '../../../../../src/forecast/core/experts/spaces.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

function inputsOf(wishes: Partial<ExpertInputsOptions> = {}) {
  return createExpertInputs({
    shortSeasonSteps: 24,
    longSeasonSteps: 168,
    horizonSteps: 48,
    settleSteps: 0,
    rememberedSteps: 400,
    scratch: createScratch(),
    ...wishes,
  });
}

describe('the inputs of the experts', () => {
  it('show the same values in every space that was asked for', () => {
    const inputs = inputsOf();
    const linear = inputs.context.window(inLinear);
    expect(inputs.context.window(inLinear)).toBe(linear);
    inputs.push(16, true);
    expect(inputs.context.sqrt.values[inputs.context.sqrt.end - 1]).toBe(4);
    expect(linear.values[linear.end - 1]).toBe(16);
  });

  it('know whether the newest and the settled value were observed', () => {
    const inputs = inputsOf({ settleSteps: 4 });
    const seen: boolean[] = [];
    for (let step = 0; step < 8; step++) {
      inputs.push(5, step !== 2);
      seen.push(inputs.isSettledObserved);
    }
    expect(inputs.isObserved).toBe(true);
    expect(seen).toEqual([false, false, false, false, true, true, false, true]);
  });

  it('let what is usual learn four steps after the experts', () => {
    const inputs = inputsOf();
    for (let step = 0; step < 4; step++) {
      inputs.push(9, true);
      inputs.settle();
    }
    expect(inputs.context.usualDay.at(0)).toBeNaN();
    inputs.push(9, true);
    inputs.settle();
    expect(inputs.context.usualDay.at(0)).toBeCloseTo(3, 3);
    expect(inputs.context.usualDay.at(1)).toBeNaN();
  });

  it('take steps back, and learn nothing usual from them twice', () => {
    const inputs = inputsOf();
    for (let step = 0; step < 30; step++) {
      inputs.push(4, true);
      inputs.settle();
    }
    inputs.takeBack(2);
    expect(inputs.step).toBe(27);
    inputs.push(400, true);
    inputs.settle();
    expect(inputs.isSettledObserved).toBe(false);
    expect(inputs.context.usualDay.at(0)).toBeCloseTo(2, 3);
  });
});
