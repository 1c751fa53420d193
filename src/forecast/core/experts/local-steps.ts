import type { Lengths } from '../clock/lengths.ts';
import { type LocalAxis, mostLeapSteps } from '../clock/local-axis.ts';
import { GrowingNumbers } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';
import type { ExpertInputs } from './inputs.ts';

/** Farthest horizon by local clocks, where the farthest by real time is `horizonSteps`. */
export function localHorizonSteps(horizonSteps: number, stepsPerDay: number): number {
  return horizonSteps + mostLeapSteps(stepsPerDay);
}

export type LocalSteps = ReturnType<typeof createLocalSteps>;

/**
 * The steps of one forecaster by local clocks: inputs and experts count by them, forecasts and errors by real time, in which
 * `horizonSteps` is the farthest horizon. The two differ across a change of the clocks only.
 */
export function createLocalSteps(
  axis: LocalAxis,
  { gridSeconds, horizonSteps }: Pick<Lengths, 'gridSeconds' | 'horizonSteps'>,
  inputs: ExpertInputs,
) {
  const { sqrt, shortSeasonSteps, scratch } = inputs.context;
  const local = scratch.of(createLocalPath);
  /** The local step of each real step, at h − 1; made when the first change comes within the horizon. */
  let ahead: Int32Array | undefined;
  let originSeconds = Number.NaN;

  function leap(gridTime: number, known: number, learnPassed: () => void): void {
    const steps = axis.leapBefore(gridTime);
    if (steps < 0) inputs.takeBack(-steps);
    for (let left = steps; left > 0; left--) {
      const root = skippedRoot(sqrt, shortSeasonSteps, Math.sqrt(known), left);
      inputs.push(root * root, false);
      learnPassed();
    }
  }

  const localSteps = {
    /** Whether clocks are changed within the farthest horizon. */
    hasChange: false,
    copyState(copier: StateCopier): void {
      originSeconds = copier.number(originSeconds);
      localSteps.hasChange = copier.flag(localSteps.hasChange);
      if (!localSteps.hasChange) return;
      ahead ??= new Int32Array(horizonSteps);
      copier.numbers(ahead);
    },
    /**
     * Follows the clocks to the value at `gridTime`, `known`, before it is pushed. In spring the hour that no clock showed is
     * filled with the day before, moved to the level beside it, and `learnPassed` is called for each of its steps. In autumn
     * the hour that clocks show again is taken back.
     */
    follow(gridTime: number, known: number, learnPassed: () => void): void {
      const isFirst = Number.isNaN(originSeconds);
      originSeconds = gridTime;
      if (!isFirst) leap(gridTime, known, learnPassed);
      localSteps.hasChange = axis.changesWithin(gridTime, horizonSteps);
      if (!localSteps.hasChange) return;
      ahead ??= new Int32Array(horizonSteps);
      axis.stepsAhead(gridTime, ahead);
    },
    /** The local step at which the value h real steps ahead is read, from the newest value on. */
    localStep(h: number): number {
      return localSteps.hasChange && ahead !== undefined && h <= horizonSteps ? ahead[h - 1]! : h;
    },
    /** Steps that clocks leap ahead within the next h real steps, however far. */
    leapUntil(h: number): number {
      return axis.stepAt(originSeconds + h * gridSeconds) - axis.stepAt(originSeconds) - h;
    },
    /** Local steps that must be predicted so that `steps` real ones are known; at most `most`. */
    stepsFor(steps: number, most: number): number {
      let farthest = 1;
      for (let h = 1; h <= steps; h++) farthest = Math.max(farthest, localSteps.localStep(h));
      return Math.min(most, farthest);
    },
    /** Turns a path of `localCount` steps by local clocks into one of `steps` in real time. */
    toRealSteps(path: Float64Array, steps: number, localCount: number): void {
      const { values, start, end } = sqrt;
      const byClock = local.atLeast(localCount);
      for (let i = 0; i < localCount; i++) byClock[i] = path[i]!;
      for (let h = 1; h <= steps; h++) {
        const at = localSteps.localStep(h);
        // A step that clocks show again, at 0 or less, is in the window.
        path[h - 1] =
          at > 0 ? byClock[Math.min(at, localCount) - 1]! : values[Math.max(start, end - 1 + at)]! ** 2;
      }
    },
  };
  return localSteps;
}

const createLocalPath = () => new GrowingNumbers();

/**
 * The square root that stands in for the next step that no clock showed, of which `left` are left before the value whose
 * root is `knownRoot`: the day before, on a straight line from the level before the gap to the level after it.
 */
function skippedRoot(
  { values, start, end }: ValueWindow,
  daySteps: number,
  knownRoot: number,
  left: number,
): number {
  const newest = end - 1;
  const isDayThere = newest - daySteps >= start;
  const dayBefore = (index: number) => (isDayThere ? values[index - daySteps]! : 0);
  const from = values[newest]! - dayBefore(newest);
  const to = knownRoot - dayBefore(newest + left + 1);
  return Math.max(0, dayBefore(newest + 1) + from + (to - from) / (left + 1));
}
