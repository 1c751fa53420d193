import { describe, expect, it } from 'vitest';
import { type FleetSample, judgeScaleUps } from '../../../demo/scale-ups.ts';

/** Samples a second apart; each row is [replicas, ready, demand], a replica carries 10. */
function fleet(...rows: readonly (readonly [number, number, number])[]): FleetSample[] {
  return rows.map(([replicas, ready, demand], t) => ({ t, replicas, ready, demand, capacity: ready * 10 }));
}

describe('judgeScaleUps', () => {
  it('counts a replica that is ready before demand crosses the old capacity as ahead', () => {
    const samples = fleet([1, 1, 5], [2, 1, 7], [2, 1, 9], [2, 2, 11], [2, 2, 15]);
    expect(judgeScaleUps(samples, 10)).toEqual({
      total: 1,
      askedAhead: 1,
      aheadOfDemand: 1,
      shortTimeShare: 0,
    });
  });

  it('counts one that is asked for only after demand crossed as late', () => {
    const samples = fleet([1, 1, 5], [1, 1, 12], [2, 1, 14], [2, 2, 15]);
    expect(judgeScaleUps(samples, 10)).toEqual({
      ...{ total: 1, askedAhead: 0, aheadOfDemand: 0 },
      shortTimeShare: 0.5,
    });
  });

  it('counts one that is asked for in time but ready too late as late', () => {
    const samples = fleet([1, 1, 5], [2, 1, 9], [2, 1, 11], [2, 2, 12]);
    expect(judgeScaleUps(samples, 10)).toMatchObject({ total: 1, askedAhead: 1, aheadOfDemand: 0 });
  });

  it('judges each of several on its own, and ignores scaling down', () => {
    const samples = fleet([1, 1, 5], [2, 1, 8], [2, 2, 12], [3, 2, 22], [3, 3, 23], [1, 1, 4]);
    expect(judgeScaleUps(samples, 10)).toMatchObject({ total: 2, askedAhead: 1, aheadOfDemand: 1 });
  });

  it('has nothing to say of no samples', () => {
    expect(judgeScaleUps([], 10)).toEqual({
      ...{ total: 0, askedAhead: 0, aheadOfDemand: 0 },
      shortTimeShare: 0,
    });
  });
});
