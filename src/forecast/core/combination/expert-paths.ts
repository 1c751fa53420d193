import { everyStepTo, type Horizons } from '../clock/horizons.ts';
import { experts, roughExpertIndex } from '../experts/index.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { pathTableFor } from './path-table.ts';

const nextStepOnly: Horizons = everyStepTo(1);

/**
 * The experts of one forecaster, those of experts/index.ts, and what they predict, in a path table that other forecasters use
 * as well. `localSteps` where the inputs follow local clocks.
 */
export function createExpertPaths(
  inputs: ExpertInputs,
  scratch: Scratch,
  localSteps: LocalSteps | undefined,
) {
  const { context } = inputs;
  const members = Object.values(experts).map((make) => make(context));
  const table = pathTableFor(scratch, members.length, context.horizonSteps);
  const self = {};
  const rough = new Float64Array(1);
  let version = 0;

  function allStepsTo(steps: number): Horizons {
    const { everyStep } = table;
    everyStep.count = steps;
    everyStep.farthest = steps;
    return everyStep;
  }

  function predict(horizons: Horizons, near: number): void {
    table.owner = self;
    table.version = version;
    table.steps = near;
    table.combinedSteps = 0;
    if (localSteps?.hasChange) {
      predictByClocks(localSteps, horizons.farthest);
      return;
    }
    for (let e = 0; e < members.length; e++) {
      table.isAvailable[e] = members[e]!.predict(table.ofExpert[e]!, horizons) ? 1 : 0;
    }
  }

  function predictByClocks(clocks: LocalSteps, steps: number): void {
    const localCount = clocks.stepsFor(steps, context.horizonSteps);
    const horizons = allStepsTo(localCount);
    for (let e = 0; e < members.length; e++) {
      const path = table.ofExpert[e]!;
      table.isAvailable[e] = members[e]!.predict(path, horizons) ? 1 : 0;
      clocks.toRealSteps(path, steps, localCount);
    }
  }

  return {
    table,
    /** What was predicted is not copied: it is predicted again. */
    copyState(copier: StateCopier): void {
      for (const member of members) member.copyState(copier);
    },
    /** Lets every expert learn the newest value of the inputs. What was predicted before is out of date then. */
    learn(): void {
      const { step, isObserved, isSettledObserved } = inputs;
      for (const member of members) member.learn(step, isObserved, isSettledObserved);
      inputs.settle();
      version++;
    },
    /** What one expert that costs little expects of the next step; the newest value where it has no prediction. */
    roughNextStep(): number {
      const isAvailable = members[roughExpertIndex]!.predict(rough, nextStepOnly);
      return isAvailable ? rough[0]! : context.sqrt.values[context.sqrt.end - 1]! ** 2;
    },
    /** Makes what was predicted out of date although nothing was learned. */
    outdate(): void {
      version++;
    },
    /** Count of what was learned: what was predicted at a lower one is out of date. */
    version: () => version,
    /** Whether the table holds predictions of this forecaster, up to date, for every step up to `steps`. */
    isCurrent: (steps: number) => table.owner === self && table.version === version && table.steps >= steps,
    /** Predicts every step up to `steps`. */
    predictTo: (steps: number) => predict(allStepsTo(steps), steps),
    /** Predicts at least some horizons, which include every step up to `near`. */
    predictAt: predict,
  };
}
