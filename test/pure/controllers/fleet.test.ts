import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFleet, type Fleet } from '../../../src/controllers/index.ts';

const readyAt = (fleet: Fleet, times: readonly number[]) => times.map((at) => fleet.ready(at));

describe('a fleet whose replicas take time to start', () => {
  it('serves with new replicas only after the start-up time', () => {
    const fleet = createFleet(2, 30);
    fleet.resize(5, 100);
    expect(readyAt(fleet, [100, 129.9, 130])).toEqual([2, 2, 5]);
    expect(fleet.existing).toBe(5);
  });

  it('starts each request at its own time', () => {
    const fleet = createFleet(1, 30);
    fleet.resize(3, 0);
    fleet.resize(6, 20);
    expect(readyAt(fleet, [29, 30, 49, 50])).toEqual([1, 3, 3, 6]);
  });

  it('counts replicas that have started once, whatever is asked for afterwards', () => {
    const fleet = createFleet(1, 30);
    fleet.resize(3, 0);
    fleet.resize(6, 40);
    expect(readyAt(fleet, [40, 69, 70])).toEqual([3, 3, 6]);
  });

  it('removes what has not started before what serves, the newest first', () => {
    const grown = () => {
      const fleet = createFleet(2, 30);
      fleet.resize(4, 0);
      fleet.resize(8, 10);
      return fleet;
    };
    const fewer = grown();
    fewer.resize(5, 15);
    expect(readyAt(fewer, [15, 30, 40])).toEqual([2, 4, 5]);
    const fewest = grown();
    fewest.resize(1, 15);
    expect(readyAt(fewest, [15, 100])).toEqual([1, 1]);
  });

  it('asks anew for the start-up of each replica', () => {
    const startUps = [30, 10, 20];
    const fleet = createFleet(1, () => startUps.shift() ?? 0);
    fleet.resize(4, 0);
    expect(readyAt(fleet, [9, 10, 20, 30])).toEqual([1, 2, 3, 4]);
  });

  it('ends with exactly what was asked for last, and never serves with more', () => {
    const requests = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(requests, fc.nat(60), fc.nat(20), (asked, startUpSeconds, start) => {
        const fleet = createFleet(start, startUpSeconds);
        let nowSeconds = 0;
        let wanted = start;
        for (const [replicas, laterSeconds] of asked) {
          nowSeconds += laterSeconds;
          fleet.resize(replicas, nowSeconds);
          wanted = replicas;
          expect(fleet.ready(nowSeconds)).toBeLessThanOrEqual(wanted);
        }
        expect(fleet.ready(nowSeconds + startUpSeconds)).toBe(wanted);
      }),
    );
  });
});
