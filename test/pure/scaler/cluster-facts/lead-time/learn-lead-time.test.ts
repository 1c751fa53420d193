import { describe, expect, it } from 'vitest';
import {
  fewestStarts,
  type KnownStarts,
  learnLeadTime,
  neededStarts,
} from '../../../../../src/scaler/cluster-facts/lead-time/learn-lead-time.ts';
import { drawStarts, startUpTimes } from '../../../../support/start-up-times.ts';

const hour = 3_600;
/** Midnight, a whole multiple of every period. */
const midnight = 20_000 * 86_400;

/** Starts of these durations, evenly over time, the newest ready at `untilSeconds`. */
function starts(durations: readonly number[], everySeconds = 1800, untilSeconds = midnight): KnownStarts {
  const last = durations.length - 1;
  return {
    durations,
    readySeconds: durations.map((_, index) => untilSeconds - (last - index) * everySeconds),
  };
}

const constant = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);
/** What is used is a whole power of a twentieth more, so that it is near and not exact. */
const isNear = (seconds: number | undefined, expected: number) =>
  expect(Math.abs((seconds ?? 0) / expected - 1)).toBeLessThan(0.04);

describe('the lead time learned', () => {
  it('is unknown until ten starts were seen', () => {
    expect(learnLeadTime(starts(constant(fewestStarts - 1, 60)), midnight)).toBeUndefined();
    const learned = learnLeadTime(starts(constant(fewestStarts, 60)), midnight);
    expect(learned).toMatchObject({ p95Seconds: 60, starts: 10 });
    isNear(learned?.seconds, 60);
  });

  it('is bounded where decisions use it, and shown as it is', () => {
    expect(learnLeadTime(starts(constant(20, 2)), midnight)).toMatchObject({ p95Seconds: 2, seconds: 10 });
    const slow = learnLeadTime(starts(constant(20, 3000)), midnight);
    expect(slow).toMatchObject({ p95Seconds: 3000, seconds: 1800 });
  });

  it.each([10, 300, 1800, 7200])(
    'depends on the newest starts and the time alone, one every %i s, so that a replica that was restarted agrees',
    (everySeconds) => {
      const { durations, readySeconds } = starts(drawStarts(startUpTimes.lognormal, 1000, 7), everySeconds);
      const newest = {
        durations: durations.slice(-neededStarts),
        readySeconds: readySeconds.slice(-neededStarts),
      };
      for (const later of [0, 300, 5 * hour])
        expect(learnLeadTime({ durations, readySeconds }, midnight + later)).toEqual(
          learnLeadTime(newest, midnight + later),
        );
    },
  );

  it('changes less than once a day where a pod starts every half hour', () => {
    const all = starts(drawStarts(startUpTimes.lognormal, 800, 11));
    const days = 10;
    const used = Array.from({ length: days * 24 }, (_, index) => {
      const atSeconds = midnight - (days * 24 - index) * hour;
      const count = all.readySeconds.filter((ready) => ready < atSeconds).length;
      const known = {
        durations: all.durations.slice(0, count),
        readySeconds: all.readySeconds.slice(0, count),
      };
      return learnLeadTime(known, atSeconds)?.seconds ?? 0;
    });
    const changes = used.filter((seconds, index) => index > 0 && seconds !== used[index - 1]).length;
    expect(changes).toBeLessThan(days);
    expect(new Set(used).size).toBeGreaterThan(1);
    const near = used.filter(
      (seconds) => Math.abs(seconds / startUpTimes.lognormal.p95Seconds - 1) < 0.15,
    ).length;
    expect(near / used.length).toBeGreaterThan(0.9);
  });

  it('rises at once', () => {
    const slow = [...constant(200, 60), ...constant(10, 120)];
    isNear(learnLeadTime(starts(slow, 600, midnight + hour), midnight + hour)?.seconds, 120);
  });

  it('falls with the periods, by a quarter at most with each', () => {
    const fast = [...constant(200, 120), ...constant(60, 30)];
    const seconds = (later: number) => learnLeadTime(starts(fast, 300), midnight + later)?.seconds;
    expect(learnLeadTime(starts(fast, 300), midnight)?.p95Seconds).toBe(30);
    isNear(seconds(0), 120 * 0.75);
    isNear(seconds(6 * hour), 30);
  });
});
