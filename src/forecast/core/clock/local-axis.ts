import { createTimeZone, type TimeZone } from './time-zone.ts';

/**
 * Steps of the grid by the clocks of a place, so that a day has the same number of steps all year and nine in the
 * morning is always the same step of it. The window and the slots of what learns days live on this axis:
 *
 * ```ts
 * const leap = axis.leapBefore(gridTime);
 * if (leap > 0) … push `leap` imputed steps: the hour that no clock showed in spring
 * if (leap < 0) … take back the newest `-leap` steps: in autumn the hour is shown again and the second showing counts
 * … push the value; its place of the day is axis.stepAt(gridTime) % stepsPerDay
 * axis.stepsAhead(gridTime, ahead); // ahead[h - 1] is where on the axis the value h real steps on is to be read
 * ```
 */
export interface LocalAxis {
  /** The step of the value that closes at a grid time; one more than the one before, but where clocks are changed. */
  stepAt(gridTime: number): number;
  /** Steps the axis leaps over before the value of this grid time: nearly always 0, −12 in a five-minute autumn. */
  leapBefore(gridTime: number): number;
  /**
   * For h = 1 … `into.length` the steps from the one at `gridTime` to the one h real steps later. This is h, until the
   * clocks are changed. Zero or less: the hour that just passed is to be shown again, and its values are in the window.
   */
  stepsAhead(gridTime: number, into: Int32Array): void;
  /** Whether clocks are changed within so many real steps. */
  changesWithin(gridTime: number, steps: number): boolean;
}

/** The axis of a zone by its name, undefined = UTC, which needs none. Throws a RangeError that names a zone nobody knows. */
export function localAxisOf(timeZone: string | undefined, gridSeconds: number): LocalAxis | undefined {
  return timeZone === undefined ? undefined : createLocalAxis(createTimeZone(timeZone), gridSeconds);
}

/** Changes of the clocks are rounded to whole steps, always alike: what a spring leaps over an autumn takes back. */
export function createLocalAxis(zone: TimeZone, gridSeconds: number): LocalAxis {
  // A value is the mean of the step that ends at its grid time: it belongs to the clock in the middle of it.
  const clockAt = (gridTime: number) => gridTime - gridSeconds / 2;
  const inSteps = (offsetSeconds: number) => Math.round(offsetSeconds / gridSeconds);
  const shiftAt = (gridTime: number) => inSteps(zone.offsetAt(clockAt(gridTime)));

  return {
    stepAt: (gridTime) => Math.floor(gridTime / gridSeconds) + shiftAt(gridTime),
    leapBefore: (gridTime) => shiftAt(gridTime) - shiftAt(gridTime - gridSeconds) || 0,
    changesWithin(gridTime, steps) {
      const from = clockAt(gridTime);
      return zone.changeAfter(from, from + steps * gridSeconds) !== undefined;
    },
    stepsAhead(gridTime, into) {
      const from = clockAt(gridTime);
      const until = from + into.length * gridSeconds;
      let offset = zone.offsetAt(from);
      const first = inSteps(offset);
      let h = 1;
      for (let at = from; h <= into.length; ) {
        const change = zone.changeAfter(at, until);
        const changeStep =
          change === undefined ? into.length + 1 : Math.ceil((change.atSeconds - from) / gridSeconds);
        const leapt = inSteps(offset) - first;
        for (; h < changeStep && h <= into.length; h++) into[h - 1] = h + leapt;
        if (change === undefined) break;
        offset += change.leapSeconds;
        at = change.atSeconds;
      }
    },
  };
}

/** No clock is changed by more than this share of a day: two hours, at Troll station in Antarctica. */
const farthestLeapShare = 1 / 12;

/** Steps that a path by local clocks may have more than the same path in real time. */
export function mostLeapSteps(stepsPerDay: number): number {
  return Math.ceil(farthestLeapShare * stepsPerDay);
}
