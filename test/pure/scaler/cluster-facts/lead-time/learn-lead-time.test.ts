import { describe, expect, it } from 'vitest';
import {
  fewestStarts,
  learnLeadTime,
  neededStarts,
} from '../../../../../src/scaler/cluster-facts/lead-time/learn-lead-time.ts';
import { drawStarts, startUpTimes } from '../../../../support/start-up-times.ts';

describe('the lead time learned', () => {
  const constant = (count: number, seconds: number) => Array.from({ length: count }, () => seconds);

  it('is unknown until ten starts were seen', () => {
    expect(learnLeadTime(constant(fewestStarts - 1, 60))).toBeUndefined();
    expect(learnLeadTime(constant(fewestStarts, 60))).toEqual({ p95Seconds: 60, seconds: 60, starts: 10 });
  });

  it('is bounded where decisions use it, and shown as it is', () => {
    expect(learnLeadTime(constant(20, 2))).toMatchObject({ p95Seconds: 2, seconds: 10 });
    expect(learnLeadTime(constant(20, 3000))).toMatchObject({ p95Seconds: 3000, seconds: 1800 });
  });

  it('depends on the newest starts alone, so that a replica that was restarted agrees', () => {
    const durations = drawStarts(startUpTimes.lognormal, 1000, 7);
    expect(learnLeadTime(durations)).toEqual(learnLeadTime(durations.slice(-neededStarts)));
  });

  it('does not follow every start', () => {
    const durations = drawStarts(startUpTimes.lognormal, 600, 11);
    const used = Array.from(
      { length: 200 },
      (_, i) => learnLeadTime(durations.slice(0, 400 + i))?.seconds ?? 0,
    );
    const changes = used.filter((seconds, i) => i > 0 && seconds !== used[i - 1]).length;
    expect(changes).toBeLessThan(20);
    expect(changes).toBeGreaterThan(0);
  });

  it('rises at once and falls gradually', () => {
    const slow = [...constant(200, 60), ...constant(10, 120)];
    expect(learnLeadTime(slow)?.seconds).toBe(120);
    const fast = (count: number) =>
      learnLeadTime([...constant(200, 120), ...constant(count, 30)])?.seconds ?? 0;
    expect([fast(49), fast(50), fast(51), fast(70)]).toEqual([120, 108, 98, 30]);
  });
});
