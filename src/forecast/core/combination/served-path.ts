import type { EventEffects } from '../events/event-effects.ts';
import type { ExpertInputs } from '../experts/inputs.ts';
import type { LocalSteps } from '../experts/local-steps.ts';
import type { createCombination } from './combination.ts';
import type { createExpertPaths } from './expert-paths.ts';
import type { FarCorrection } from './far-correction.ts';
import { NearestSteps, nearestSteps } from './nearest-steps.ts';
import type { Unaware } from './unaware.ts';

interface ServedPathOptions {
  readonly paths: ReturnType<typeof createExpertPaths>;
  readonly combination: ReturnType<typeof createCombination>;
  readonly correction: FarCorrection;
  readonly horizonSteps: number;
  /** The horizon that is predicted in the place of another. */
  readonly placeOf: (h: number) => number;
  readonly events: EventEffects | undefined;
  readonly unaware: Unaware | undefined;
}

/** The combination of the experts as it is served, with what series of many families share and what events change, in the engine's unit. */
export function createServedPath({
  paths,
  combination,
  correction,
  horizonSteps,
  placeOf,
  events,
  unaware,
}: ServedPathOptions) {
  const { table } = paths;
  const nearest = new NearestSteps();

  /** Combines every step up to `steps`, corrects those far ahead, and lets events change it. The trees know no event. */
  function combineTo(steps: number): void {
    combination.extendTo(steps);
    if (unaware?.isThere) table.added.fill(0, 0, steps);
    else correction.apply(steps);
    events?.apply(table, steps, unaware?.pathTo(steps));
    nearest.keep(table.combined, steps, paths.version());
  }

  function make(place: number): void {
    if (paths.isCurrent(place) && table.combinedSteps >= place) return;
    // A question beyond the nearest steps is mostly one of a whole path.
    if (!paths.isCurrent(place))
      paths.predictTo(
        place <= nearestSteps ? correction.stepsFor(Math.min(nearestSteps, horizonSteps)) : horizonSteps,
      );
    combineTo(table.steps);
  }

  function madeAt(place: number): number {
    make(place);
    return table.combined[place - 1]!;
  }

  /** The combination h ≥ 1 steps ahead. */
  function combinedAt(h: number): number {
    const place = placeOf(h);
    const combined = nearest.at(place, paths.version()) ?? madeAt(place);
    if (events === undefined || place === h) return combined;
    return (combined / events.ratioAhead(place)) * events.ratioAhead(h);
  }

  return {
    combineTo,
    combinedAt,
    /** What the correction of far horizons adds to an ordinary day h ≥ 1 steps ahead. */
    sharedAt(h: number): number {
      const place = placeOf(h);
      make(place);
      return table.added[place - 1]!;
    },
    /** What was combined is made again. */
    forget: () => nearest.forget(),
    savedNearest: () => nearest.saved(paths.version()),
    /** Goes on with the nearest steps that were saved, in place of all that was combined. */
    restoreNearest(saved: Float64Array | undefined): void {
      paths.outdate();
      if (saved === undefined) nearest.forget();
      else nearest.keep(saved, saved.length, paths.version());
    },
    /** The combination that bounds begin at, h ≥ 1 steps ahead: no lower than what an event is known to leave. */
    heldAt(h: number): number {
      const combined = combinedAt(h);
      if (events === undefined) return combined;
      if (placeOf(h) === h) return events.held[h - 1]!;
      return (combined / events.ratioAhead(h)) * events.heldRatioAhead(h);
    },
    /** The highest combination over the next `steps` that a bound begins at. */
    maximum(steps: number): number {
      // Beyond the horizon a season repeats, so that nothing higher comes after it.
      const last = Math.min(Math.max(1, steps), horizonSteps);
      make(last);
      return table.maxima[last - 1]!;
    },
  };
}

/** Maps a horizon to the one that is predicted in its place: beyond the farthest, the last season of it repeats. */
export function repeatedHorizon(
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
