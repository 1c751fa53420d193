import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readyReplicas, resizeFleet, runningFleet } from '../../../src/controllers/index.ts';

describe('a fleet whose replicas take time to start', () => {
  it('serves with new replicas only after the start-up time', () => {
    const fleet = resizeFleet(runningFleet(2), 5, { nowSeconds: 100, startUpSeconds: 30 });
    expect([100, 129.9, 130].map((at) => readyReplicas(fleet, at))).toEqual([2, 2, 5]);
  });

  it('starts each request at its own time', () => {
    const first = resizeFleet(runningFleet(1), 3, { nowSeconds: 0, startUpSeconds: 30 });
    const second = resizeFleet(first, 6, { nowSeconds: 20, startUpSeconds: 30 });
    expect([29, 30, 49, 50].map((at) => readyReplicas(second, at))).toEqual([1, 3, 3, 6]);
  });

  it('counts replicas that have started once, whatever is asked for afterwards', () => {
    const first = resizeFleet(runningFleet(1), 3, { nowSeconds: 0, startUpSeconds: 30 });
    const second = resizeFleet(first, 6, { nowSeconds: 40, startUpSeconds: 30 });
    expect([40, 69, 70].map((at) => readyReplicas(second, at))).toEqual([3, 3, 6]);
  });

  it('removes what has not started before what serves, the newest first', () => {
    const first = resizeFleet(runningFleet(2), 4, { nowSeconds: 0, startUpSeconds: 30 });
    const second = resizeFleet(first, 8, { nowSeconds: 10, startUpSeconds: 30 });
    const fewer = resizeFleet(second, 5, { nowSeconds: 15, startUpSeconds: 30 });
    expect([15, 30, 40].map((at) => readyReplicas(fewer, at))).toEqual([2, 4, 5]);
    const fewest = resizeFleet(second, 1, { nowSeconds: 15, startUpSeconds: 30 });
    expect([15, 100].map((at) => readyReplicas(fewest, at))).toEqual([1, 1]);
  });

  it('ends with exactly what was asked for last, and never serves with more', () => {
    const requests = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(requests, fc.nat(60), fc.nat(20), (asked, startUpSeconds, start) => {
        let nowSeconds = 0;
        let fleet = runningFleet(start);
        let wanted = start;
        for (const [replicas, laterSeconds] of asked) {
          nowSeconds += laterSeconds;
          const before = Object.freeze(fleet);
          fleet = resizeFleet(before, replicas, { nowSeconds, startUpSeconds });
          wanted = replicas;
          expect(readyReplicas(fleet, nowSeconds)).toBeLessThanOrEqual(wanted);
        }
        expect(readyReplicas(fleet, nowSeconds + startUpSeconds)).toBe(wanted);
      }),
    );
  });
});
