import type { ExpertInputs } from '../experts/inputs.ts';
import type { SeriesWindow } from '../memory/value-window.ts';
import type { LocalAxis } from './local-axis.ts';

/**
 * Clocks were changed just before the value of `gridTime`, which is `known`: the inputs leap with them. In spring the
 * hour that no clock showed is filled with the day before, moved to the level beside it, and `learnPassed` is called for
 * each of its steps; in autumn the hour that is shown again is taken back.
 */
export function leapWithClocks(
  axis: LocalAxis,
  gridTime: number,
  known: number,
  inputs: ExpertInputs,
  learnPassed: () => void,
): void {
  const leap = axis.leapBefore(gridTime);
  if (leap < 0) inputs.takeBack(-leap);
  const { sqrt, shortSeasonSteps: day } = inputs.context;
  const knownRoot = Math.sqrt(known);
  for (let left = leap; left > 0; left--) {
    const newest = sqrt.end - 1;
    const isDayThere = newest - day >= sqrt.start;
    const before = (index: number) => (isDayThere ? (sqrt.values[index - day] ?? 0) : 0);
    const from = (sqrt.values[newest] ?? 0) - before(newest);
    const to = knownRoot - before(newest + left + 1);
    const root = Math.max(0, before(newest + 1) + from + (to - from) / (left + 1));
    inputs.push(root * root, false);
    learnPassed();
  }
}

/** Where what is h real steps ahead is to be read by local clocks, at h − 1; undefined where that is h: no change within them. */
export function stepsAheadOf(
  axis: LocalAxis,
  gridTime: number,
  horizonSteps: number,
  reuse: Int32Array | undefined,
): Int32Array | undefined {
  if (!axis.changesWithin(gridTime, horizonSteps)) return undefined;
  const ahead = reuse ?? new Int32Array(horizonSteps);
  axis.stepsAhead(gridTime, ahead);
  return ahead;
}

/** Local steps that must be predicted so that `steps` real ones are known; at most `most`. */
export function localStepsFor(ahead: Int32Array, steps: number, most: number): number {
  let farthest = 1;
  for (let h = 0; h < steps; h++) farthest = Math.max(farthest, ahead[h] ?? 0);
  return Math.min(most, farthest);
}

let local = new Float64Array(0);

/** Turns a path of `localSteps` by local clocks into one of `steps` in real time. What is shown again is in the window. */
export function toRealSteps(
  path: Float64Array,
  steps: number,
  localSteps: number,
  ahead: Int32Array,
  { values, start, end }: SeriesWindow,
): void {
  if (local.length < localSteps) local = new Float64Array(localSteps);
  for (let h = 0; h < localSteps; h++) local[h] = path[h] ?? Number.NaN;
  for (let h = 0; h < steps; h++) {
    const at = ahead[h] ?? 1;
    path[h] =
      at > 0
        ? (local[Math.min(at, localSteps) - 1] ?? Number.NaN)
        : (values[Math.max(start, end - 1 + at)] ?? 0) ** 2;
  }
}
