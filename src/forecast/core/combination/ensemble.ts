import { between } from '../arithmetic/between.ts';
import type { EventEffects } from '../events/event-effects.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import { farTrees } from '../families/far-trees.ts';
import type { Trees } from '../families/trees.ts';
import type { ObservedHistory } from '../memory/observed-history.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { createCombination } from './combination.ts';
import { createExpertPaths } from './expert-paths.ts';
import { createFarCorrection, type FarTold } from './far-correction.ts';
import { nearestSteps } from './nearest-steps.ts';
import { createServedPath, repeatedHorizon } from './served-path.ts';
import { copyWhole, createUnaware, type ReadInputs } from './unaware.ts';
import type { WeighedHorizon } from './weighed-horizon.ts';

interface EnsembleOptions {
  /** Undefined where the inputs follow no local clocks. */
  readonly localSteps?: LocalSteps | undefined;
  /** What events change, and how inputs like the ensemble's own are made. Undefined where no calendar is known. */
  readonly calendar?: { readonly events: EventEffects; readonly createInputs: () => ReadInputs } | undefined;
  /** What series of many families have in common far ahead; those that are shipped unless others are given. */
  readonly trees?: Trees | undefined;
}

/**
 * All experts of a forecaster and their combination, in the engine's unit. `horizons`: where the experts are weighed, rising;
 * the last, of at least one, is the farthest that is predicted.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that wires the parts of one combination; each is a file of its own
export function createEnsemble(
  inputs: ExpertInputs,
  horizons: readonly WeighedHorizon[],
  { localSteps, calendar, trees = farTrees }: EnsembleOptions,
  scratch: Scratch,
) {
  const paths = createExpertPaths(inputs, scratch, localSteps);
  const { table } = paths;
  const combination = createCombination(horizons, table, scratch);
  const horizonSteps = horizons.at(-1)!.horizonSteps;
  const placeOf = repeatedHorizon(inputs.context, horizonSteps, localSteps);
  const events = calendar?.events;
  const own = { copyState: (copier: StateCopier) => copyWhole({ inputs, paths, localSteps }, copier) };
  const unaware = calendar && createUnaware({ own, createInputs: calendar.createInputs, horizons, scratch });
  const correction = createFarCorrection({
    ...{ inputs, horizons, table, version: paths.version, trees },
    localStep: (h) => localSteps?.localStep(h) ?? h,
    predictionsAt: combination.predictionsAt,
  });
  const served = createServedPath({
    ...{ paths, combination, correction, horizonSteps, placeOf, events, unaware },
  });
  const firstFar = horizons.findIndex(({ isFar }) => isFar);
  const far = firstFar < 0 ? horizons.length : firstFar;
  let isAperiodic = false;

  /**
   * Predicts every step up to `near`, and beyond it the horizons, from number `first` on, whose forecasts are kept at this step.
   * Returns whether there were any.
   */
  function predictWanted(step: number, near: number, first = 0): boolean {
    const { wanted } = table;
    wanted.count = 0;
    for (let h = 1; h <= near; h++) wanted.steps[wanted.count++] = h;
    for (let i = first; i < horizons.length; i++) {
      const { horizonSteps: h, strideSteps, isResting } = horizons[i]!;
      if (h > near && step % strideSteps === 0 && !isResting) wanted.steps[wanted.count++] = h;
    }
    if (wanted.count === 0) return false;
    wanted.farthest = wanted.steps[wanted.count - 1]!;
    paths.predictAt(wanted, near);
    unaware?.predictAt(wanted, near);
    return true;
  }

  function weighAndKeep(step: number, truth: number, first = 0): void {
    for (let i = first; i < horizons.length; i++) {
      const horizon = horizons[i]!;
      if (step % horizon.strideSteps !== 0 || horizon.isResting) continue;
      const h = horizon.horizonSteps;
      const all = combination.predictionsAt(h);
      horizon.weigh(step, isAperiodic ? combination.withoutRepeaters(all) : all);
      const combined = combination.at(i, all);
      const isWithoutEvent = !(unaware?.isThere || events?.isNear(h));
      const isOrdinary = isWithoutEvent && !Number.isNaN(truth);
      const corrected = correction.correct(i, { step, predictions: all, combined, isOrdinary });
      const ordinary = unaware?.isThere ? combined : corrected;
      if (events === undefined || isWithoutEvent) {
        events?.keep(i, step, ordinary, ordinary);
        horizon.keep(step, all, ordinary, { newest: truth, held: ordinary });
        continue;
      }
      const unawareOnes = unaware?.predictionsAt(h) ?? all;
      const plain = unaware?.at(i, unawareOnes) ?? ordinary;
      const { ratio, believed, expected, held } = events.meet(h, ordinary, plain);
      events.keep(i, step, plain, ordinary * ratio);
      for (let e = 0; e < all.length; e++) all[e] = between(unawareOnes[e]!, all[e]! * ratio, believed);
      horizon.keep(step, all, expected, { newest: truth, held });
    }
  }

  return {
    copyState(copier: StateCopier): void {
      isAperiodic = copier.flag(isAperiodic);
      paths.copyState(copier);
      unaware?.copyState(copier);
      correction.copyState(copier);
      served.forget();
    },
    /** Copies what the forecast without a calendar was made from, once the history was copied. */
    copyUnawareWindows: (copier: StateCopier, history: ObservedHistory) =>
      unaware?.copyWindows(copier, history),
    /** Lets the forecast without a calendar follow a step, before it is pushed to the inputs. */
    followUnaware: unaware?.follow,
    /** Lets the experts learn a step that no clock showed, which has just been pushed to the inputs. */
    pass: paths.learn,
    /** Follows a new search for seasons: where there is none, experts that repeat one get no weight. */
    followSeasons(isNone: boolean): void {
      isAperiodic = isNone;
      paths.outdate();
    },
    /**
     * Takes the step on whose value has just been pushed to the inputs: scores what was predicted for it, lets every expert
     * learn it, weighs the experts anew and keeps what they predict now. `truth` is the observed value, NaN = imputed.
     * `stepsAhead`: how far the combination will be asked for before the next step; farther costs more.
     */
    advance(step: number, truth: number, stepsAhead: number): void {
      for (const horizon of horizons) horizon.mature(step, truth);
      correction.mature(step, truth);
      events?.mature(step, truth);
      paths.learn();
      const near = correction.stepsFor(Math.min(stepsAhead, horizonSteps));
      predictWanted(step, near);
      weighAndKeep(step, truth);
      served.combineTo(near);
    },
    /** The same of a step in the far past: nothing is scored and kept but what is far ahead. */
    advanceFarPast(step: number, truth: number): void {
      for (let i = far; i < horizons.length; i++) horizons[i]!.mature(step, truth);
      correction.mature(step, truth);
      events?.mature(step, truth);
      paths.learn();
      if (predictWanted(step, 0, far)) weighAndKeep(step, truth, far);
    },
    /** Ends the far past: what was kept before it is no forecast of the steps that come. */
    beginNear(): void {
      for (const horizon of horizons.slice(0, far)) horizon.forgetPending();
    },
    /** What is expected of the next step, roughly: it costs a fraction of the combination. */
    roughNextStep: paths.roughNextStep,
    savedNearest: served.savedNearest,
    restoreNearest: served.restoreNearest,
    combinedAt: served.combinedAt,
    heldAt: served.heldAt,
    /** Writes what bounds begin at, at each of the next steps, into an array that has room for them. */
    readHeld(steps: number, into: Float64Array): void {
      const copied = events === undefined && steps > nearestSteps ? Math.min(steps, horizonSteps) : 0;
      // It has every step combined.
      if (copied > 0) served.maximum(copied);
      for (let h = 0; h < copied; h++) into[h] = table.combined[h]!;
      // From the far end, so that the whole path is predicted at once.
      for (let h = steps; h > copied; h--) into[h - 1] = served.heldAt(h);
    },
    sharedAt: served.sharedAt,
    /** What boosted trees are told of this moment, to learn them from. */
    toldFar(): FarTold[] {
      served.combinedAt(horizonSteps);
      return correction.told();
    },
    pathMaximum: served.maximum,
  };
}
