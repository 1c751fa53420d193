import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/platform/log.ts';
import type { WorkloadFacts } from '../../../../src/scaler/cluster-facts/workload-facts.ts';
import { createWorkloads } from '../../../../src/scaler/directory/workloads.ts';
import { readTiming, workloadDefaults } from '../../../../src/server/timing.ts';
import { createFakeModels } from '../fake-models.ts';

const start = 1_800_000_000;
const defaults = workloadDefaults(readTiming());
/** The decision window beside the lead time: half a rate window of a minute, and the server's lags. */
const lagsSeconds = 30 + Object.values(defaults.lags).reduce((sum, seconds) => sum + seconds, 0);

/** A workload of which the test says what the cluster knows. */
function opened(metadata: Record<string, string> = {}) {
  const models = createFakeModels();
  const world = {
    nowSeconds: start,
    facts: undefined as WorkloadFacts | undefined,
    followed: [] as string[],
    released: 0,
    logged: [] as string[],
  };
  const note = (_: object, event: string) => void world.logged.push(event);
  const workloads = createWorkloads({
    models,
    defaults,
    maxWorkloads: 10,
    maxPerNamespace: 10,
    forgetAfterSeconds: 1e9,
    clock: () => world.nowSeconds,
    monotonic: () => world.nowSeconds,
    log: { info: note, warn: note, error: note, debug: note } as unknown as Logger,
    isForcedReactive: () => false,
    cluster: {
      follow(namespace, name) {
        world.followed.push(`${namespace}/${name}`);
        return {
          at: () => world.facts,
          isKnown: () => true,
          kept: () => undefined,
          release: () => void world.released++,
        };
      },
    },
  });
  const scalerMetadata = { query: 'up', threshold: '10', ...metadata };
  const workload = workloads.open({ namespace: 'shop', name: 'web', scalerMetadata });
  const observe = (value: number) => {
    models.observed = { value, atSeconds: world.nowSeconds };
    models.update();
    return workload.decision();
  };
  return { world, workloads, workload, observe };
}

function factsOf(given: {
  readonly leadSeconds?: number;
  readonly toleranceUp?: number;
  readonly current?: number;
  readonly atSeconds?: number;
}): WorkloadFacts {
  const { leadSeconds, toleranceUp, current, atSeconds = start - 20 } = given;
  const target = { namespace: 'shop', kind: 'Deployment', name: 'web' };
  return {
    areStartsRead: true,
    leadTime:
      leadSeconds === undefined ? undefined : { p95Seconds: leadSeconds, seconds: leadSeconds, starts: 50 },
    seen: {
      hpa: {
        name: 'keda-hpa-web',
        target,
        scaledObject: undefined,
        fewest: 1,
        most: 50,
        current,
        desired: current,
        toleranceUp,
        toleranceDown: undefined,
        atSeconds,
      },
      ready: current,
      atSeconds,
    },
  };
}

describe('a workload that follows the cluster', () => {
  it('is followed by its name, and let go of when it is closed', async () => {
    const { world, workloads } = opened();
    expect(world.followed).toEqual(['shop/web']);
    await workloads.close();
    expect(world.released).toBe(1);
  });

  it('looks as far ahead as its pods were seen to take, and the default before that', () => {
    const { world, workload, observe } = opened();
    expect(observe(5)?.windowSeconds).toBe(120 + lagsSeconds);
    world.facts = factsOf({ leadSeconds: 400 });
    expect(observe(5)?.windowSeconds).toBe(400 + lagsSeconds);
    expect(workload.cluster().leadTime).toMatchObject({ seconds: 400, from: 'cluster' });
  });

  it('keeps the lead time of its trigger, and warns once where that is far off', () => {
    const { world, workload, observe } = opened({ leadTime: '90s' });
    world.facts = factsOf({ leadSeconds: 400 });
    expect(observe(5)?.windowSeconds).toBe(90 + lagsSeconds);
    observe(6);
    expect(workload.cluster().leadTime.warning).toContain('far from the 6m40s');
    expect(world.logged.filter((event) => event.startsWith('lead-time'))).toEqual(['lead-time-far-off']);
    world.facts = factsOf({ leadSeconds: 100 });
    observe(5);
    expect(world.logged.filter((event) => event.startsWith('lead-time'))).toEqual([
      'lead-time-far-off',
      'lead-time-near',
    ]);
  });

  it('raises its value over the tolerance of its HPA, and over the default where that is unknown', () => {
    const { world, observe } = opened();
    const raised = () => observe(195)?.signal ?? 0;
    expect(raised()).toBeCloseTo(209, 1);
    world.facts = factsOf({ toleranceUp: 0.02 });
    expect(raised()).toBe(195);
    world.facts = factsOf({ toleranceUp: 0.2 });
    expect(raised()).toBeCloseTo(228, 1);
    world.facts = factsOf({});
    expect(raised()).toBeCloseTo(209, 1);
  });

  it('raises no further than the replicas at hand need, while their number is fresh', () => {
    const { world, observe } = opened();
    const raised = () => Math.ceil((observe(195)?.signal ?? 0) / 10);
    world.facts = factsOf({ current: 19 });
    expect(raised()).toBe(21);
    world.facts = factsOf({ current: 20 });
    expect(raised()).toBe(20);
    world.facts = factsOf({ current: 20, atSeconds: start - 300 });
    expect(raised()).toBe(21);
  });
});
