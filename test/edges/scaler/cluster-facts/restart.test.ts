import { expect, it } from 'vitest';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import {
  createClusterFacts,
  createWorkloads,
  type KnownTrigger,
  knownLines,
  parseKnownLines,
} from '../../../../src/scaler/index.ts';
import { readTiming, workloadDefaults } from '../../../../src/server/timing.ts';
import { createFakeModels } from '../fake-models.ts';
import { fakeCluster } from './fake-cluster.ts';

/** A whole minute, and a whole moment for which starts are read. */
const minute = 6_000_000 * 300;
const day = 86_400;
const defaults = workloadDefaults(readTiming());
const lagsSeconds = 30 + Object.values(defaults.lags).reduce((sum, seconds) => sum + seconds, 0);
const ref = { namespace: 'shop', name: 'web', scalerMetadata: { query: 'up', threshold: '10' } };

/** A cluster whose pods take 200 s to start and whose HPA tolerates 25 %. */
function slowCluster() {
  const cluster = fakeCluster();
  cluster.hpas = [{ name: 'keda-hpa-web', deployment: 'frontend', current: 7, ready: 6, toleranceUp: 0.25 }];
  cluster.starts = Array.from({ length: 20 }, (_, index) => ({
    pod: `frontend-abc-${index}`,
    created: minute - 90_000 + index * 1000,
    ready: minute - 90_000 + index * 1000 + 200,
  }));
  return cluster;
}

/** A replica that begins at a time with what was saved, and looks at a cluster once. */
async function started(
  cluster: ReturnType<typeof fakeCluster>,
  nowSeconds: number,
  saved: readonly KnownTrigger[] = [],
  how: 'warmed up' | 'asked first' = 'warmed up',
) {
  const models = createFakeModels();
  const clock = () => nowSeconds;
  const facts = createClusterFacts({
    metrics: cluster,
    settleSeconds: 60,
    clock,
    log: silentLogger,
    onRefresh() {},
  });
  const workloads = createWorkloads({
    ...{ models, defaults, clock, monotonic: clock, log: silentLogger, cluster: facts },
    ...{ maxWorkloads: 10, maxPerNamespace: 10, forgetAfterSeconds: 1e9, isForcedReactive: () => false },
  });
  workloads.expect(saved);
  if (how === 'warmed up')
    for (const { askedSecondsAgo, cluster } of saved) workloads.open(ref, { askedSecondsAgo, cluster });
  const workload = workloads.open(ref);
  models.observed = { value: 195, atSeconds: nowSeconds };
  models.update();
  const before = workload.decision();
  await facts.start();
  models.update();
  const decision = workload.decision();
  await facts.close();
  const lines: string[] = [];
  for await (const line of knownLines(workloads.refs(), clock)) lines.push(line);
  const { known } = await parseKnownLines(lines.join(''), clock);
  return { before, decision, workload, known, facts: workload.cluster() };
}

const down = () => {
  const cluster = slowCluster();
  cluster.failure = new ForescaleError('source-unreachable', 'it is down');
  return cluster;
};

it.each(['warmed up', 'asked first'] as const)(
  'looks as far ahead after a restart while kube-state-metrics cannot be asked, %s',
  async (how) => {
    const steady = await started(slowCluster(), minute + 31);
    expect(steady.decision?.windowSeconds).toBeGreaterThan(190 + lagsSeconds);
    const restarted = await started(down(), minute + 300, steady.known, how);
    for (const decision of [restarted.before, restarted.decision]) {
      expect(decision?.windowSeconds).toBe(steady.decision?.windowSeconds);
      // As long as an HPA holds that is not seen any more, its tolerance does.
      expect(decision?.signal).toBe(1.25 * 190 * (1 + 1e-9) + 0.001);
    }
    expect(restarted.facts).toMatchObject({
      hasHpa: true,
      leadTime: { from: 'cluster' },
      replicas: undefined,
    });
  },
);

it('keeps what was learned over any number of restarts, for as long as starts are read back', async () => {
  const { known, decision } = await started(slowCluster(), minute + 31);
  const again = await started(down(), minute + 3 * day, known);
  expect(again.decision?.windowSeconds).toBe(decision?.windowSeconds);
  expect(again.facts.hasHpa).toBe(false);
  const late = await started(down(), minute + 8 * day, again.known);
  expect(late.decision?.windowSeconds).toBe(defaults.leadTimeSeconds + lagsSeconds);
});

it('is known for as long as all that was kept holds, and until then nothing is learned that is soon not wanted', async () => {
  const { known } = await started(slowCluster(), minute + 31);
  const facts = createClusterFacts({
    metrics: down(),
    settleSeconds: 60,
    clock: () => minute,
    log: silentLogger,
    onRefresh() {},
  });
  const web = facts.follow('shop', 'web', undefined, known[0]?.cluster);
  const other = facts.follow('shop', 'other');
  expect([600, 901, 8 * day].map((seconds) => web.isKnown(minute + seconds))).toEqual([true, false, false]);
  expect(other.isKnown(minute)).toBe(false);
});

it('goes by what it learns itself as soon as it can', async () => {
  const { known } = await started(slowCluster(), minute + 31);
  const cluster = slowCluster();
  cluster.starts = cluster.starts.map((start) => ({ ...start, ready: start.created + 100 }));
  const { before, decision, facts } = await started(cluster, minute + 331, known);
  expect(before?.windowSeconds).toBeGreaterThan(190 + lagsSeconds);
  expect(decision?.windowSeconds).toBeLessThan(110 + lagsSeconds);
  expect(facts.replicas?.current).toBe(7);
});
