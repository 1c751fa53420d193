import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { isLongForm } from '../../support/long-form.ts';
import { createKedaCaller, type KedaCaller } from '../integration/scaler-client.ts';
import { type ServeProcess, startServeProcess } from '../serve-process.ts';
import { type Attack, startAttack } from './attacks.ts';
import { chartHeap, chartMemoryBytes, peakBytes } from './chart-memory.ts';
import { type FakePrometheus, startFakePrometheus } from './fake-prometheus.ts';

const attack: Attack = {
  longHistories: 40,
  slowQueries: 120,
  edits: 20,
  halfOpenStreams: isLongForm ? 120_000 : 5_000,
};
const watchedMs = isLongForm ? 120_000 : 5_000;
/** A machine that is busy with other tests asks less often. */
const fewestQuestions = 20;
/** An observation that is older is not fresh (timing.freshAge). */
const freshSeconds = 15;
const trigger = { query: 'honest', threshold: '10', hpaTolerance: '0', historyTimeWindow: '3d' };

interface Watched {
  readonly failures: readonly string[];
  readonly p99Ms: number;
  readonly oldestSeconds: number;
}

describe('what one tenant does', () => {
  let prometheus: FakePrometheus;
  let server: ServeProcess;
  let keda: KedaCaller;
  const attackEnds = new AbortController();

  beforeAll(async () => {
    prometheus = await startFakePrometheus();
    server = await startServeProcess(prometheus.url, { env: chartHeap() });
    keda = createKedaCaller(server.grpcPort, 'honest');
  });
  afterAll(async () => {
    attackEnds.abort();
    keda?.close();
    await server?.stop();
    await prometheus?.stop();
  });

  /** A first question waits 2 s at most for the source, which a busy machine may exceed; KEDA asks again. */
  const firstValue = (name: string, metadata: Readonly<Record<string, string>>) =>
    eventually(
      () => keda.value(name, metadata).catch(() => undefined),
      (value) => value !== undefined,
    );

  const answerOf = async (path: string) =>
    (await (await fetch(`${server.httpUrl}/api/v1/workloads/honest/${path}`)).json()) as {
      readonly observed: { readonly at: number };
      readonly status: string;
    };

  /** Asks for the honest workload every 20 ms for a time and some questions at least, and looks how old its observation is. */
  async function watch(ms: number): Promise<Watched> {
    const latencies: number[] = [];
    const failures: string[] = [];
    let oldestSeconds = 0;
    const untilMs = performance.now() + ms;
    const ask = async () => {
      while (performance.now() < untilMs || latencies.length < fewestQuestions) {
        const startedMs = performance.now();
        await keda.value('app', trigger).catch((error: unknown) => failures.push(String(error)));
        latencies.push(performance.now() - startedMs);
        await sleep(20);
      }
    };
    const look = async () => {
      while (performance.now() < untilMs) {
        const { observed } = await answerOf('app');
        oldestSeconds = Math.max(oldestSeconds, Date.now() / 1000 - observed.at);
        await sleep(250);
      }
    };
    await Promise.all([ask(), look()]);
    latencies.sort((a, b) => a - b);
    return {
      failures,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
      oldestSeconds,
    };
  }

  it('hurts nobody else: every answer comes, no observation is old, and the memory is what the chart gives', async ({
    annotate,
  }) => {
    await firstValue('app', trigger);
    const calm = await watch(isLongForm ? 30_000 : 1_000);
    const { slowFailures, otherFailures, opened } = startAttack(server, attack, attackEnds.signal);
    const startedMs = performance.now();
    // A new workload is as good as an old one: it is answered, and its history is learned.
    const newcomer = (async () => {
      await firstValue('new', { ...trigger, query: 'honest_new' });
      await eventually(
        () => answerOf('new/forecast').catch(() => undefined),
        (forecast) => forecast?.status === 'ok',
      );
      return (performance.now() - startedMs) / 1000;
    })();
    const [attacked, learnedSeconds] = await Promise.all([watch(watchedMs), newcomer]);
    const peak = peakBytes(server.pid);
    await annotate(
      `p99 of GetMetrics ${attacked.p99Ms.toFixed(1)} ms under attack, ${calm.p99Ms.toFixed(1)} ms without, ratio ${(attacked.p99Ms / calm.p99Ms).toFixed(1)}; oldest observation ${attacked.oldestSeconds.toFixed(1)} s; a new workload's forecast after ${learnedSeconds.toFixed(1)} s; peak of memory ${(peak / 1024 ** 2).toFixed(0)} MiB`,
    );
    expect([...calm.failures, ...attacked.failures]).toEqual([]);
    expect(attacked.oldestSeconds).toBeLessThanOrEqual(freshSeconds);
    expect(peak).toBeLessThanOrEqual(chartMemoryBytes());
    // The attack was one: every slow call was taken and had no answer in time, and no call of anybody was refused.
    const refused = /INVALID_ARGUMENT|RESOURCE_EXHAUSTED|PERMISSION_DENIED/;
    expect(await slowFailures).toHaveLength(attack.slowQueries);
    expect([...(await slowFailures), ...(await otherFailures)].filter((why) => refused.test(why))).toEqual(
      [],
    );
    expect(await opened).toBe(attack.halfOpenStreams);
  }, 300_000);
});
