import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../src/history/prometheus/prometheus.ts';
import type { OpenSource } from '../../../src/history/source.ts';
import { silentLogger } from '../../../src/platform/log.ts';
import { selectorOf } from '../../../src/scaler/cluster-facts/cluster-metrics.ts';
import { readStarts } from '../../../src/scaler/cluster-facts/starts/read-starts.ts';
import type { WorkloadFacts } from '../../../src/scaler/cluster-facts/workload-facts.ts';
import { createClusterFacts } from '../../../src/scaler/index.ts';
import type { Series } from '../../../src/seed/series.ts';
import { startPrometheus } from '../../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../../tools/programs/server-process.ts';
import { eventually } from '../../support/eventually.ts';
import { drawStarts, startUpTimes } from '../../support/start-up-times.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { podLives, writeDeployment } from './deployment.ts';
import { hpaSeries, type PodLife, type podSeries, writeSeries } from './kube-state-metrics.ts';

const missing = await whyMissing('prometheus');
/** A moment for which starts are read, some minutes ago. */
const now = Math.floor(Date.now() / 300_000) * 300 - 300;

let prometheus: RunningProgram;
let source: OpenSource;

const lives = (deployment: string, durations: readonly number[], days?: number) =>
  podLives(deployment, durations, now, days);
const write = (
  deployment: string,
  ...pods: readonly [readonly PodLife[], Parameters<typeof podSeries>[1]?]
) => writeDeployment(prometheus.url, { deployment, nowSeconds: now }, ...pods);

/** What a server that starts now knows of workloads, each in a namespace of its name. */
async function known(
  names: readonly string[],
  matchers?: string,
): Promise<Map<string, WorkloadFacts | undefined>> {
  const { vector } = source;
  if (vector === undefined) throw new Error('the source has no labels');
  const facts = createClusterFacts({
    metrics: { name: 'prometheus', vector },
    matchers,
    settleSeconds: 60,
    clock: () => now + 70,
    log: silentLogger,
    onRefresh: ({ error }) => expect(error).toBeUndefined(),
  });
  const followed = names.map((name) => [name, facts.follow(name, name)] as const);
  try {
    await facts.start();
  } finally {
    await facts.close();
  }
  return new Map(followed.map(([name, one]) => [name, one.at(now + 90)]));
}

/**
 * The same when the source refuses it at first: just after samples were written out of order, Prometheus 2.42 once answered with "vector
 * cannot contain metrics with the same labelset". A server asks again, too.
 */
async function knownAtLast(names: readonly string[]): Promise<Map<string, WorkloadFacts | undefined>> {
  const refused = (error: unknown) => String(error);
  const found = await eventually(
    () => known(names).catch(refused),
    (seen) => typeof seen !== 'string',
  );
  return typeof found === 'string' ? new Map() : found;
}

const deploymentOf = (name: string) => `learn-${name.replaceAll(' ', '-')}`;
const doubled = ['constant', 'lognormal', 'uniform'] as const;

/** Pods of which most failed in some way: only the starts of 50 s and 300 s are any. */
function withFailures(): PodLife[] {
  const good = lives(
    'exclude',
    Array.from({ length: 40 }, () => 50),
  );
  const failed = lives(
    'exclude',
    Array.from({ length: 40 }, () => 1500),
  ).map((life, index): PodLife => {
    const { createdSeconds, readySeconds = 0 } = life;
    const pod = `${life.replicaSet}-f${index.toString(36).padStart(4, '0')}`;
    const fromSeconds = createdSeconds + 30;
    const failures: Partial<PodLife>[] = [
      { restartsSeconds: [createdSeconds + 200, createdSeconds + 700] },
      { waiting: { reason: 'ImagePullBackOff', fromSeconds, toSeconds: readySeconds - 100 } },
      { readySeconds: undefined },
      { waiting: { reason: 'CrashLoopBackOff', fromSeconds, toSeconds: readySeconds } },
    ];
    return { ...life, pod, ...failures[index % failures.length] };
  });
  // Waiting for a node and for an image that can be pulled is part of a start.
  const waited = lives(
    'exclude',
    Array.from({ length: 10 }, () => 300),
  ).map((life, index): PodLife => {
    const { createdSeconds: fromSeconds } = life;
    const pod = `${life.replicaSet}-w${index.toString(36).padStart(4, '0')}`;
    const waiting = { reason: 'ContainerCreating', fromSeconds, toSeconds: fromSeconds + 250 };
    return { ...life, pod, waiting };
  });
  return [...good, ...failed, ...waited];
}

/** The owner of a ReplicaSet over a week. */
function replicaSetOwner(namespace: string, replicaset: string): Series {
  const timestamps = Float64Array.from({ length: 7 * 288 }, (_, index) => now - 300 * (7 * 288 - 1 - index));
  const owner = { owner_kind: 'Deployment', owner_name: namespace, owner_is_controller: 'true' };
  return {
    metric: 'kube_replicaset_owner',
    labels: { namespace, replicaset, ...owner },
    kind: 'gauge',
    timestamps,
    values: timestamps.map(() => 1),
  };
}

async function writeAll(): Promise<string[]> {
  const names: string[] = [];
  const add = async (...given: Parameters<typeof write>) => {
    names.push(given[0]);
    await write(...given);
  };
  for (const [name, times] of Object.entries(startUpTimes))
    await add(deploymentOf(name), lives(deploymentOf(name), drawStarts(times, 330, 4)));
  for (const name of doubled) {
    const durations = drawStarts(startUpTimes[name], 210, 5);
    const slower = durations.map((duration, index) => (index < 200 ? duration : 2 * duration));
    await add(`double-${name}`, lives(`double-${name}`, slower));
  }
  await add('exclude', withFailures());
  const again = lives(
    'again',
    Array.from({ length: 30 }, () => 40),
  ).map((life) => ({
    ...life,
    deletedSeconds: life.deletedSeconds + 3000,
    restartsSeconds: [life.deletedSeconds + 1500],
  }));
  await add('again', again);
  const flapping = lives(
    'flapping',
    Array.from({ length: 30 }, () => 40),
  ).map((life) => {
    const { readySeconds = 0 } = life;
    return { ...life, unready: { fromSeconds: readySeconds + 60, toSeconds: readySeconds + 180 } };
  });
  await add('flapping', flapping);
  await add('condition', lives('condition', drawStarts(startUpTimes.constant, 60, 4)), {
    withReadyTime: false,
  });
  const named = lives('named', drawStarts(startUpTimes.constant, 20, 1)).map((life, index) => ({
    ...life,
    pod: `pod-of-named-${index}`,
    replicaSet: 'odd.name',
  }));
  await writeSeries(prometheus.url, [replicaSetOwner('named', 'odd.name')]);
  await add('named', named);
  await write('parts', lives('parts', drawStarts(startUpTimes['with node delay'], 120, 6), 0.1));
  return names;
}

describe.skipIf(missing)(`kube-state-metrics in a real Prometheus${skippedNote(missing)}`, () => {
  let learned: Map<string, WorkloadFacts | undefined>;
  const leadTimeOf = (name: string) => learned.get(name)?.leadTime;

  beforeAll(async () => {
    prometheus = await startPrometheus({ env: process.env });
    source = openPrometheus({ url: prometheus.url });
    const names = await writeAll();
    // The one whose time of readiness is not exported would be taken for one without starts beside the others.
    learned = await knownAtLast(names.filter((name) => name !== 'condition'));
    for (const [name, facts] of await knownAtLast(['condition'])) learned.set(name, facts);
  });

  afterAll(async () => {
    await source?.close();
    await prometheus?.stop();
  });

  it.each(Object.entries(startUpTimes))('teach the p95 of %s starts within a tenth', (name, times) => {
    const leadTime = leadTimeOf(deploymentOf(name));
    expect(leadTime?.starts).toBe(300);
    expect(Math.abs((leadTime?.p95Seconds ?? 0) / times.p95Seconds - 1)).toBeLessThan(0.1);
  });

  it.each(doubled)('teach a doubling of %s starts within ten of them', (name) => {
    const ratio = (leadTimeOf(`double-${name}`)?.p95Seconds ?? 0) / (2 * startUpTimes[name].p95Seconds);
    // Ten lognormal starts leave a tenth to their speed, and chance decides of each series; the pure tests count many.
    expect(Math.abs(ratio - 1)).toBeLessThan(name === 'lognormal' ? 0.25 : 0.15);
  });

  it('leave out pods that crashed, could not pull their image, or never became ready', () => {
    expect(leadTimeOf('exclude')).toMatchObject({ starts: 50, p95Seconds: 300 });
  });

  it('count a pod once that was ready, was not, and is again, and one that restarted later', () => {
    expect(leadTimeOf('again')).toMatchObject({ starts: 30, p95Seconds: 40 });
  });

  it('count a pod by the time at which it first was ready, when it loses its readiness within minutes', () => {
    expect(leadTimeOf('flapping')).toMatchObject({ starts: 30, p95Seconds: 40 });
  });

  it('teach by the condition where the time of readiness is not exported, as exactly as it is scraped', () => {
    const { starts = 0, p95Seconds = 0 } = leadTimeOf('condition') ?? {};
    expect(starts).toBeGreaterThanOrEqual(55);
    expect(p95Seconds).toBeGreaterThanOrEqual(60);
    expect(p95Seconds).toBeLessThanOrEqual(90);
  });

  it('find the pods of a Deployment by the owners of its ReplicaSets, whatever they are called', () => {
    expect(leadTimeOf('named')?.starts).toBe(20);
  });

  it('tell of an HPA: its bounds, its replicas now, and the tolerance where it has one', async () => {
    const namespace = 'numbers';
    const hpa = { namespace, name: 'keda-hpa-numbers', deployment: 'frontend' };
    const more = {
      spec_min_replicas: 2,
      spec_max_replicas: 30,
      status_current_replicas: 7,
      status_desired_replicas: 9,
      spec_behavior_scale_up_tolerance: 0.05,
    };
    const ready = {
      metric: 'kube_deployment_status_replicas_ready',
      labels: { namespace, deployment: 'frontend' },
      kind: 'gauge',
      timestamps: Float64Array.of(now - 30, now),
      values: Float64Array.of(6, 6),
    } as const;
    await writeSeries(prometheus.url, [...hpaSeries(hpa, [now - 600, now], more), ready]);
    expect((await known(['numbers'])).get('numbers')?.seen).toMatchObject({
      hpa: {
        name: 'keda-hpa-numbers',
        target: { kind: 'Deployment', name: 'frontend' },
        fewest: 2,
        most: 30,
        current: 7,
        desired: 9,
        toleranceUp: 0.05,
        toleranceDown: undefined,
        atSeconds: now,
      },
      ready: 6,
    });
  });

  it('are those of one cluster where the configuration says which', async () => {
    const of = async (matchers: string) => (await known(['named'], matchers)).get('named');
    expect((await of('job="kube-state-metrics"'))?.seen?.hpa.current).toBe(7);
    expect(await of('job="other"')).toEqual({ seen: undefined, leadTime: undefined, areStartsRead: true });
  });

  it('give the same starts at once and moment by moment', async () => {
    const { vector } = source;
    if (vector === undefined) throw new Error('the source has no labels');
    const { signal } = new AbortController();
    const read = (atSeconds: number, moments: number) =>
      readStarts(
        {
          metrics: { name: 'p', vector },
          selector: selectorOf(['parts']),
          atSeconds,
          signal,
        },
        moments,
      );
    const moments = 30;
    // Prometheus 2 counts both ends of a range, so that the moment before comes too.
    const first = now - 300 * moments - 120;
    const whole = (await read(now, moments)).filter(({ readySeconds }) => readySeconds > first);
    const single = [];
    for (let back = moments - 1; back >= 0; back--) single.push(...(await read(now - 300 * back, 1)));
    expect(whole.length).toBeGreaterThan(90);
    expect(single).toEqual(whole);
  });
});
