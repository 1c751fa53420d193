import { describe, expect, it } from 'vitest';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { type Logger, silentLogger } from '../../../../src/platform/log.ts';
import type { ClusterMetrics } from '../../../../src/scaler/cluster-facts/cluster-metrics.ts';
import { type ClusterFacts, createClusterFacts } from '../../../../src/scaler/index.ts';
import { fakeCluster } from './fake-cluster.ts';

/** A whole minute, and a whole moment for which starts are read. */
const minute = 6_000_000 * 300;

/** Facts about a fake cluster at a time that the test sets; each `look` is a new server's first. */
async function looked(prepare: (cluster: ReturnType<typeof fakeCluster>) => void = () => {}) {
  const cluster = fakeCluster();
  cluster.hpas = [{ name: 'keda-hpa-web', deployment: 'frontend', current: 7, ready: 6, toleranceUp: 0 }];
  prepare(cluster);
  const logged: unknown[] = [];
  const note = (fields: object, event: string) => void logged.push({ event, ...fields });
  const log = { info: note, warn: note, error: note, debug: note } as unknown as Logger;
  const outcomes: string[] = [];
  const facts = createClusterFacts({
    metrics: cluster,
    settleSeconds: 60,
    clock: () => minute + 31,
    log,
    onRefresh: ({ what, error }) => void outcomes.push(`${what} ${error?.code ?? 'ok'}`),
  });
  const told: unknown[] = [];
  const web = facts.follow('shop', 'web', () => told.push(web.at(minute + 31)?.leadTime?.p95Seconds));
  const before = web.at(minute + 31);
  await facts.start();
  await facts.close();
  return { cluster, facts, web, before, told, logged, outcomes };
}

describe('what the cluster says of a workload', () => {
  it('is unknown before the first look, and is what kube-state-metrics tell of its HPA', async () => {
    const { web, before, logged, outcomes } = await looked();
    expect(before).toBeUndefined();
    expect(web.at(minute + 31)?.seen).toMatchObject({
      hpa: { name: 'keda-hpa-web', current: 7, most: 30, toleranceUp: 0, atSeconds: minute - 20 },
      ready: 6,
      atSeconds: minute,
    });
    expect(logged).toEqual([{ event: 'kube-state-metrics-found', source: 'fake', workloads: 1 }]);
    expect(outcomes).toEqual(['cluster ok', 'starts ok', 'cluster ok']);
  });

  it('is the lead time of the pods that its HPA scales', async () => {
    const { web, told } = await looked((cluster) => {
      cluster.starts = Array.from({ length: 20 }, (_, index) => ({
        pod: `frontend-abc-${index}`,
        created: minute - 90_000 + index * 1000,
        ready: minute - 90_000 + index * 1000 + 200,
      }));
    });
    expect(web.at(minute + 31)?.leadTime).toMatchObject({ p95Seconds: 200, starts: 20 });
    // Whoever decided before by the default decides again before the server is ready.
    expect(told).toEqual([200]);
  });

  it('is asked for once for all workloads, some namespaces at a time', async () => {
    const { cluster } = await looked();
    const one = cluster.queries.length;
    const facts = manyFollowed(cluster);
    cluster.queries.length = 0;
    await facts.start();
    await facts.close();
    // Ten queries of one look for each hundred namespaces or five hundred workloads; two looks; and the starts.
    expect(cluster.queries.length).toBeLessThan(2 * one);
  });

  it('is nothing, said once, where there are no such metrics', async () => {
    const { web, logged, outcomes } = await looked((cluster) => {
      cluster.hpas = [];
    });
    expect(web.at(minute + 31)).toMatchObject({ seen: undefined, leadTime: undefined });
    expect(web.isKnown(minute + 31)).toBe(true);
    expect(logged).toEqual([{ event: 'kube-state-metrics-absent', source: 'fake', workloads: 1 }]);
    expect(outcomes).toEqual(['cluster ok', 'starts ok', 'cluster ok']);
  });

  it('is nothing where the source fails, which is logged once', async () => {
    const { web, logged, outcomes } = await looked((cluster) => {
      cluster.failure = new ForescaleError('source-unreachable', 'it is down');
    });
    expect(web.at(minute + 31)?.seen).toBeUndefined();
    expect(web.isKnown(minute + 31)).toBe(false);
    expect(logged).toMatchObject([
      { event: 'refresh-failed', what: 'cluster', code: 'source-unreachable', source: 'fake' },
      { event: 'refresh-failed', what: 'starts', code: 'source-unreachable' },
    ]);
    expect(outcomes).toHaveLength(3);
  });
});

describe('a replica that starts soon after a whole minute', () => {
  it('goes by the look of the minute before until the others change their mind, and then as they do', async () => {
    const cluster = fakeCluster();
    const hpa = { name: 'keda-hpa-web', deployment: 'frontend', ready: 6, toleranceUp: 0 };
    let nowSeconds = minute - 29;
    const metrics: ClusterMetrics = {
      name: 'fake',
      vector(asked) {
        cluster.hpas = [{ ...hpa, current: asked.atSeconds < minute ? 4 : 7 }];
        return cluster.vector(asked);
      },
    };
    const replica = () =>
      createClusterFacts({
        metrics,
        settleSeconds: 60,
        clock: () => nowSeconds,
        log: silentLogger,
        onRefresh: () => {},
      });
    const [one, other] = [replica(), replica()];
    const [ofOne, ofOther] = [one.follow('shop', 'web'), other.follow('shop', 'web')];
    await one.start();
    nowSeconds = minute + 5;
    await one.start();
    await other.start();
    const replicas = (facts: typeof ofOne) =>
      [6, 19, 20, 50].map((second) => facts.at(minute + second)?.seen?.hpa.current);
    expect(replicas(ofOne)).toEqual([4, 4, 7, 7]);
    expect(replicas(ofOther)).toEqual([4, 4, 7, 7]);
    await one.close();
    await other.close();
  });
});

describe('a source that fails after a look', () => {
  it('leaves the settings of the HPA, but no counts', async () => {
    const cluster = fakeCluster();
    cluster.hpas = [{ name: 'keda-hpa-web', deployment: 'frontend', current: 7, ready: 6, toleranceUp: 0 }];
    let nowSeconds = minute + 31;
    const facts = createClusterFacts({
      metrics: cluster,
      settleSeconds: 60,
      clock: () => nowSeconds,
      log: silentLogger,
      onRefresh: () => {},
    });
    const web = facts.follow('shop', 'web');
    await facts.start();
    cluster.failure = new ForescaleError('source-timeout', 'it is slow');
    nowSeconds = minute + 91;
    await facts.start();
    // A look counts from twenty seconds after its minute on.
    expect(web.at(minute + 79)?.seen?.hpa.current).toBe(7);
    expect(web.at(minute + 80)?.seen?.hpa).toMatchObject({ current: undefined, toleranceUp: 0, most: 30 });
    nowSeconds = minute + 1200;
    await facts.start();
    expect(web.at(minute + 1220)?.seen).toBeUndefined();
    await facts.close();
  });
});

describe('who is followed', () => {
  it('is asked about until the last of its followers lets go', async () => {
    const cluster = fakeCluster();
    const facts = factsOf(cluster);
    const [first, second] = [facts.follow('shop', 'web'), facts.follow('shop', 'web')];
    first.release();
    first.release();
    await facts.start();
    expect(cluster.queries.length).toBeGreaterThan(0);
    second.release();
    cluster.queries.length = 0;
    await facts.start();
    expect(cluster.queries).toEqual([]);
    await facts.close();
  });
});

function factsOf(cluster: ReturnType<typeof fakeCluster>): ClusterFacts {
  return createClusterFacts({
    metrics: cluster,
    settleSeconds: 60,
    clock: () => minute + 31,
    log: silentLogger,
    onRefresh: () => {},
  });
}

function manyFollowed(cluster: ReturnType<typeof fakeCluster>): ClusterFacts {
  const facts = factsOf(cluster);
  for (let index = 0; index < 400; index++) facts.follow(`team-${index % 90}`, `web-${index}`);
  return facts;
}
