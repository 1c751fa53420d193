import type { Horizons } from '../clock/horizons.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { ObservedHistory } from '../memory/observed-history.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import { restoreState, type StateCopier, type Stateful, savedState } from '../memory/state-copier.ts';
import { createCombination } from './combination.ts';
import { createExpertPaths } from './expert-paths.ts';
import type { WeighedHorizon } from './weighed-horizon.ts';

/** What experts read, and the local clocks that it follows; undefined where it follows none. */
export interface ReadInputs {
  readonly inputs: ExpertInputs;
  readonly localSteps: LocalSteps | undefined;
}

/** A step as it came. */
export interface ComingStep {
  readonly gridTime: number;
  readonly value: number;
  readonly isObserved: boolean;
  /** Whether it is part of an event. */
  readonly isEvent: boolean;
}

interface UnawareOptions {
  /** The state of what the forecaster itself has learned: inputs, experts and local clocks. */
  readonly own: Stateful;
  /** Makes inputs like the forecaster's own. */
  readonly createInputs: () => ReadInputs;
  readonly horizons: readonly WeighedHorizon[];
  readonly scratch: Scratch;
}

export type Unaware = ReturnType<typeof createUnaware>;

/**
 * The forecast of somebody who knows no calendar, from the first step of an event until a day after it: the same experts with the same
 * weights read what came as it came. At other times it is the forecaster's own, and is not made.
 */
export function createUnaware({ own, createInputs, horizons, scratch }: UnawareOptions) {
  // Both forecasts of a step are needed at once, so that they are in different tables.
  const apart = scratch.of(createScratch);
  let view: View | undefined;
  let stepsLeft = 0;

  function createView(): View {
    const { inputs, localSteps } = createInputs();
    const paths = createExpertPaths(inputs, apart, localSteps);
    return { inputs, localSteps, paths, combination: createCombination(horizons, paths.table, apart) };
  }

  function begin(): View {
    const begun = createView();
    restoreState({ copyState: (copier) => copyWhole(begun, copier) }, savedState(own));
    return begun;
  }

  return {
    copyState(copier: StateCopier): void {
      stepsLeft = copier.number(stepsLeft);
      if (stepsLeft === 0) view = undefined;
      else view ??= createView();
      if (view !== undefined) copyLearned(view, copier);
    },
    /** Copies what its experts see, once the history was copied. */
    copyWindows(copier: StateCopier, history: ObservedHistory): void {
      view?.inputs.copyWindows(copier, history);
    },
    /** Whether its forecast may be another one than that of the forecaster. */
    get isThere() {
      return view !== undefined;
    },
    /** Learns a step, before the forecaster does. */
    follow({ gridTime, value, isObserved, isEvent }: ComingStep): void {
      if (isEvent) {
        view ??= begin();
        stepsLeft = 1 + view.inputs.context.shortSeasonSteps;
      }
      if (view === undefined) return;
      stepsLeft--;
      if (stepsLeft === 0) {
        view = undefined;
        return;
      }
      view.localSteps?.follow(gridTime, value, view.paths.learn);
      view.inputs.push(value, isObserved, true);
      view.paths.learn();
    },
    /** Predicts what the forecaster predicts at a step. */
    predictAt(wanted: Horizons, near: number): void {
      view?.paths.predictAt(wanted, near);
    },
    /** The predictions of all experts at horizon h, after they were predicted; undefined where they are the forecaster's own. */
    predictionsAt: (h: number): Float64Array | undefined => view?.combination.predictionsAt(h),
    /** The combination of predictions at the weighed horizon of a number; undefined where it is the forecaster's own. */
    at: (index: number, predictions: Float64Array): number | undefined =>
      view?.combination.at(index, predictions),
    /** The forecasts of every step up to `steps`; undefined where they are the forecaster's own. */
    pathTo(steps: number): Float64Array | undefined {
      if (view === undefined) return undefined;
      const { paths, combination } = view;
      if (!paths.isCurrent(steps)) paths.predictTo(steps);
      combination.extendTo(steps);
      return paths.table.combined;
    },
  };
}

interface View extends ReadInputs {
  readonly paths: ReturnType<typeof createExpertPaths>;
  readonly combination: ReturnType<typeof createCombination>;
}

type Learned = Pick<View, 'inputs' | 'paths' | 'localSteps'>;

/** Copies what inputs, experts and local clocks have learned, without what experts see. */
function copyLearned({ inputs, paths, localSteps }: Learned, copier: StateCopier): void {
  inputs.copyState(copier);
  paths.copyState(copier);
  localSteps?.copyState(copier);
}

/** The same with what experts see, whole, because no history is at hand. */
export function copyWhole(learned: Learned, copier: StateCopier): void {
  copyLearned(learned, copier);
  for (const [, window] of learned.inputs.context.windows) window.copyState(copier);
}
