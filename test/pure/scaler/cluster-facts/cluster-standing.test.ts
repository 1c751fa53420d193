import { describe, expect, it } from 'vitest';
import { clusterStanding } from '../../../../src/scaler/cluster-facts/cluster-standing.ts';
import type { SeenHpa } from '../../../../src/scaler/cluster-facts/workload-facts.ts';

const now = 1_800_000_000;
const defaults = { leadTimeSeconds: 120 };
const auto = { leadTimeSeconds: 'auto', hpaTolerance: 'auto' } as const;
const learned = { p95Seconds: 298.5, seconds: 305, starts: 84 };
const seen: SeenHpa = {
  hpa: {
    name: 'keda-hpa-web',
    target: { namespace: 'shop', kind: 'Deployment', name: 'web' },
    scaledObject: undefined,
    fewest: 2,
    most: 20,
    current: 7,
    desired: 8,
    toleranceUp: 0,
    toleranceDown: undefined,
    atSeconds: now - 25,
  },
  ready: 6,
  atSeconds: now,
};

describe('what decisions take from the cluster', () => {
  it('is the default where nothing is known', () => {
    for (const facts of [undefined, { seen: undefined, leadTime: undefined }])
      expect(clusterStanding(auto, defaults, facts, now)).toEqual({
        leadTime: { seconds: 120, from: 'default', learned: undefined, warning: undefined },
        hpaTolerance: { up: 0.1, down: 0.1, from: 'default' },
        hasHpa: false,
        replicas: undefined,
      });
  });

  it('is what was learned and seen, and each direction of the tolerance has a default of its own', () => {
    expect(clusterStanding(auto, defaults, { seen, leadTime: learned }, now)).toMatchObject({
      leadTime: { seconds: 305, from: 'cluster', learned, warning: undefined },
      hpaTolerance: { up: 0, down: 0.1, from: 'cluster' },
      hasHpa: true,
      replicas: { current: 7, ready: 6, most: 20 },
    });
  });

  it('is what the trigger says, where it says something', () => {
    const given = { leadTimeSeconds: 240, hpaTolerance: 0.2 };
    expect(clusterStanding(given, defaults, { seen, leadTime: learned }, now)).toMatchObject({
      leadTime: { seconds: 240, from: 'trigger', learned, warning: undefined },
      hpaTolerance: { up: 0.2, down: 0.2, from: 'trigger' },
      replicas: { current: 7 },
    });
  });

  it('has no number of replicas that is older than four minutes', () => {
    const replicas = (nowSeconds: number) =>
      clusterStanding(auto, defaults, { seen, leadTime: undefined }, nowSeconds).replicas;
    expect(replicas(now + 215)).toBeDefined();
    expect(replicas(now + 216)).toBeUndefined();
    expect(replicas(now - 300)).toBeUndefined();
  });

  it.each([
    [60, 'pods come too late'],
    [198, 'pods come too late'],
    [200, undefined],
    [596, undefined],
    [600, 'replicas are there longer'],
  ])('warns of a lead time of %i s where 299 s were learned: %s', (leadTimeSeconds, warning) => {
    const given = { leadTimeSeconds, hpaTolerance: 0 };
    const { leadTime } = clusterStanding(given, defaults, { seen, leadTime: learned }, now);
    if (warning === undefined) expect(leadTime.warning).toBeUndefined();
    else expect(leadTime.warning).toContain(warning);
  });

  it('warns of no difference that a minute covers', () => {
    const given = { leadTimeSeconds: 60, hpaTolerance: 0 };
    const leadTime = { p95Seconds: 5, seconds: 10, starts: 84 };
    expect(clusterStanding(given, defaults, { seen, leadTime }, now).leadTime.warning).toBeUndefined();
  });
});
