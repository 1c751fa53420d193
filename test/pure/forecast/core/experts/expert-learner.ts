import { everyStepTo } from '../../../../../src/forecast/core/clock/horizons.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import {
  createExpertInputs,
  type ExpertInputsOptions,
} from '../../../../../src/forecast/core/experts/inputs.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

/** An expert that is fed value by value, as the engine does it. */
export interface Learner {
  feed(value: number, isObserved?: boolean): void;
  predict(steps?: number): Float64Array | undefined;
}

/** Hours: a day of 24 steps and a week of 168, unless said otherwise. */
export function learner(make: ExpertFactory, wishes: Partial<ExpertInputsOptions> = {}): Learner {
  const inputs = createExpertInputs({
    shortSeasonSteps: 24,
    longSeasonSteps: 168,
    horizonSteps: 48,
    settleSteps: 0,
    scratch: createScratch(),
    rememberedSteps: 2 * (wishes.longSeasonSteps ?? 168) + (wishes.shortSeasonSteps ?? 24) + 2,
    ...wishes,
  });
  const expert = make(inputs.context);
  return {
    feed(value, isObserved = true) {
      inputs.push(value, isObserved);
      expert.learn(inputs.step, inputs.isObserved, inputs.isSettledObserved);
      inputs.settle();
      // The engine looks for seasons once a day; what it finds here is a day and a cycle of seven hours.
      const { pattern, sqrt, shortSeasonSteps } = inputs.context;
      if ((inputs.step + 1) % shortSeasonSteps === 0)
        pattern.follow([7, shortSeasonSteps], sqrt, inputs.step);
    },
    predict(steps = inputs.context.horizonSteps) {
      const path = new Float64Array(steps);
      return expert.predict(path, everyStepTo(steps)) ? path : undefined;
    },
  };
}
