import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { createCombination } from './combination.ts';
import { createExpertPaths } from './expert-paths.ts';
import type { WeighedHorizon } from './weighed-horizon.ts';

/**
 * All experts of a forecaster and their combination, in the engine's unit. `horizons`: where the experts are weighed, rising;
 * the last, of at least one, is the farthest that is predicted. `localSteps` is undefined where the inputs follow no local
 * clocks.
 */
export function createEnsemble(
  inputs: ExpertInputs,
  horizons: readonly WeighedHorizon[],
  localSteps: LocalSteps | undefined,
  scratch: Scratch,
) {
  const paths = createExpertPaths(inputs, scratch, localSteps);
  const { table } = paths;
  const combination = createCombination(horizons, table, scratch);
  const horizonSteps = horizons.at(-1)!.horizonSteps;
  const placeOf = createRepeatedHorizon(inputs.context, horizonSteps, localSteps);
  let isAperiodic = false;

  /** Predicts every step up to `near`, and beyond it the horizons whose forecasts are kept at this step. */
  function predictWanted(step: number, near: number): void {
    const { wanted } = table;
    wanted.count = 0;
    for (let h = 1; h <= near; h++) wanted.steps[wanted.count++] = h;
    for (const { horizonSteps: h, strideSteps } of horizons) {
      if (h > near && step % strideSteps === 0) wanted.steps[wanted.count++] = h;
    }
    wanted.farthest = wanted.steps[wanted.count - 1]!;
    paths.predictAt(wanted, near);
  }

  function weighAndKeep(step: number, truth: number): void {
    for (let i = 0; i < horizons.length; i++) {
      const horizon = horizons[i]!;
      if (step % horizon.strideSteps !== 0) continue;
      const all = combination.predictionsAt(horizon.horizonSteps);
      horizon.weigh(step, isAperiodic ? combination.withoutRepeaters(all) : all);
      horizon.keep(step, all, combination.at(i, all), truth);
    }
  }

  /** The combination h ≥ 1 steps ahead. */
  function combinedAt(h: number): number {
    const place = placeOf(h);
    if (!paths.isCurrent(place) || table.combinedSteps < place) {
      // A question beyond what the step itself needed is mostly the first of a whole path.
      if (!paths.isCurrent(place)) paths.predictTo(horizonSteps);
      combination.extendTo(table.steps);
    }
    return table.combined[place - 1]!;
  }

  return {
    copyState(copier: StateCopier): void {
      isAperiodic = copier.flag(isAperiodic);
      paths.copyState(copier);
    },
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
      paths.learn();
      const near = Math.min(stepsAhead, horizonSteps);
      predictWanted(step, near);
      weighAndKeep(step, truth);
      combination.extendTo(near);
    },
    combinedAt,
    /** The highest combination over the next `steps`. */
    pathMaximum(steps: number): number {
      // Beyond the horizon a season repeats, so that nothing higher comes after it.
      const last = Math.min(Math.max(1, steps), horizonSteps);
      combinedAt(last);
      return table.maxima[last - 1]!;
    },
  };
}

/** Maps a horizon to the one that is predicted in its place: beyond the farthest, the last season of it repeats. */
function createRepeatedHorizon(
  { shortSeasonSteps, longSeasonSteps }: ExpertInputs['context'],
  horizonSteps: number,
  localSteps: LocalSteps | undefined,
): (h: number) => number {
  const repeated =
    longSeasonSteps > 0 && longSeasonSteps <= horizonSteps ? longSeasonSteps : shortSeasonSteps;
  return (h) => {
    if (h <= horizonSteps || repeated > horizonSteps) return Math.min(h, horizonSteps);
    const place = horizonSteps - repeated + 1 + ((h - horizonSteps - 1) % repeated);
    if (localSteps === undefined) return place;
    const sameClock = place + localSteps.leapUntil(h) - localSteps.leapUntil(place);
    if (sameClock < 1) return sameClock + repeated;
    return sameClock > horizonSteps ? sameClock - repeated : sameClock;
  };
}
