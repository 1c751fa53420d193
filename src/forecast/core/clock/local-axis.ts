import { createTimeZone, type TimeZone } from './time-zone.ts';

/**
 * Grid steps by local clocks, so that a day has the same number of steps all year and nine in the morning is always the same
 * step of the day. Everything that learns days lives on this axis:
 *
 * ```ts
 * const leap = axis.leapBefore(gridTime);
 * if (leap > 0) … push `leap` imputed steps: in spring no clock shows them
 * if (leap < 0) … take back the newest `-leap` steps: in autumn clocks show them again, and the second time counts
 * … push the value; its slot of the day is axis.stepAt(gridTime) % stepsPerDay
 * axis.stepsAhead(gridTime, ahead); // the value h real steps ahead is ahead[h - 1] steps ahead on the axis
 * ```
 */
export interface LocalAxis {
  /** Step of the value that closes at a grid time: one more than the step before, except where clocks are changed. */
  stepAt(gridTime: number): number;
  /** Steps that the axis leaps over before the value of this grid time: nearly always 0; −12 in autumn with five-minute steps. */
  leapBefore(gridTime: number): number;
  /**
   * Writes for h = 1 … `into.length` the steps on the axis from the value at `gridTime` to the one h real steps later. This is h
   * until clocks are changed. Zero or less means that clocks will show the past hour again, whose values are in the window.
   */
  stepsAhead(gridTime: number, into: Int32Array): void;
  /** Whether clocks are changed within `steps` real steps after a grid time. */
  changesWithin(gridTime: number, steps: number): boolean;
}

/** The axis of a named zone; undefined for UTC, which needs none. Throws a RangeError that names an unknown zone. */
export function localAxisOf(timeZone: string | undefined, gridSeconds: number): LocalAxis | undefined {
  return timeZone === undefined ? undefined : createLocalAxis(createTimeZone(timeZone), gridSeconds);
}

/** Creates the axis of a zone. Changes are rounded to whole steps, so that autumn takes back as many as spring leaps over. */
export function createLocalAxis(zone: TimeZone, gridSeconds: number): LocalAxis {
  // A value is the mean of the step that ends at its grid time, so that it has the local time in the middle of the step.
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

/** The largest change of clocks as a share of a day: two hours, at Troll station in Antarctica. */
const farthestLeapShare = 1 / 12;

/** Largest number of steps that a path by local clocks has more than the same path in real time. */
export function mostLeapSteps(stepsPerDay: number): number {
  return Math.ceil(farthestLeapShare * stepsPerDay);
}
