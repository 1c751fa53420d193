import { describe, expect, it } from 'vitest';
import {
  createLocalAxis,
  localAxisOf,
  mostLeapSteps,
} from '../../../../../src/forecast/core/clock/local-axis.ts';
import { createTimeZone } from '../../../../../src/forecast/core/clock/time-zone.ts';

const hour = 3600;
const axis = createLocalAxis(createTimeZone('Europe/Berlin'), hour);
/** 2026-03-29 01:00 UTC, when clocks in Berlin go from 2 to 3; 2026-10-25 01:00 UTC, when they go from 3 to 2. */
const spring = Date.UTC(2026, 2, 29, 1) / 1000;
const autumn = Date.UTC(2026, 9, 25, 1) / 1000;

describe('the local axis', () => {
  it('leaps over an hour in spring and takes one back in autumn', () => {
    expect([0, 1, 2].map((h) => axis.leapBefore(spring + h * hour))).toEqual([0, 1, 0]);
    expect([0, 1, 2].map((h) => axis.leapBefore(autumn + h * hour))).toEqual([0, -1, 0]);
  });

  it('has the same step of the day at the same local time all year', () => {
    const [winter, summer] = [Date.UTC(2026, 0, 10, 8) / 1000, Date.UTC(2026, 6, 10, 7) / 1000];
    expect(axis.stepAt(winter) % 24).toBe(axis.stepAt(summer) % 24);
  });

  it('knows how far ahead on the axis real steps are', () => {
    const ahead = new Int32Array(4);
    axis.stepsAhead(spring - hour, ahead);
    expect([...ahead]).toEqual([1, 3, 4, 5]);
    axis.stepsAhead(autumn - hour, ahead);
    expect([...ahead]).toEqual([1, 1, 2, 3]);
    expect(axis.changesWithin(spring - 2 * hour, 1)).toBe(false);
    expect(axis.changesWithin(spring - 2 * hour, 3)).toBe(true);
  });

  it('is not needed for UTC, and leaves room for two hours a day', () => {
    expect(localAxisOf(undefined, hour)).toBeUndefined();
    expect(mostLeapSteps(288)).toBe(24);
  });
});
