import type { Horizons } from '../clock/horizons.ts';
import { experts } from '../experts/index.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { Scratch } from '../memory/scratch.ts';
import { type PathTable, pathTableFor } from './path-table.ts';

/** The experts of one forecaster, and what they predict, in a path table that other forecasters use as well. */
export interface ExpertPaths {
  readonly table: PathTable;
  /** Lets every expert learn the newest value of the inputs. What was predicted before is out of date then. */
  learn(): void;
  /** Makes what was predicted out of date although nothing was learned. */
  outdate(): void;
  /** Whether the table holds predictions of this forecaster, up to date, for every step up to `steps`. */
  isCurrent(steps: number): boolean;
  /** Predicts every step up to `steps`. */
  predictTo(steps: number): void;
  /** Predicts at least some horizons, which include every step up to `near`. */
  predictAt(horizons: Horizons, near: number): void;
}

/** Creates the experts of the table in experts/index.ts; `localSteps` where the inputs follow local clocks. */
export function createExpertPaths(
  inputs: ExpertInputs,
  scratch: Scratch,
  localSteps: LocalSteps | undefined,
): ExpertPaths {
  const { context } = inputs;
  const members = Object.values(experts).map((make) => make(context));
  const table = pathTableFor(scratch, members.length, context.horizonSteps);
  const self = {};
  let version = 0;

  function everyStepTo(steps: number): Horizons {
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
    const horizons = everyStepTo(localCount);
    for (let e = 0; e < members.length; e++) {
      const path = table.ofExpert[e]!;
      table.isAvailable[e] = members[e]!.predict(path, horizons) ? 1 : 0;
      clocks.toRealSteps(path, steps, localCount);
    }
  }

  return {
    table,
    learn() {
      const { step, isObserved, isSettledObserved } = inputs;
      for (const member of members) member.learn(step, isObserved, isSettledObserved);
      inputs.settle();
      version++;
    },
    outdate() {
      version++;
    },
    isCurrent: (steps) => table.owner === self && table.version === version && table.steps >= steps,
    predictTo: (steps) => predict(everyStepTo(steps), steps),
    predictAt: predict,
  };
}
