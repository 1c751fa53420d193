import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { within } from '../../../src/platform/deadline.ts';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import type { ServerPorts } from '../processes/forescale.ts';
import type { BenchTrigger, TriggerPlan } from '../triggers.ts';
import { type ShardName, triggersOfShards } from './sharing.ts';

/** What the client is told once: whom to ask, and how often. */
export interface AskingOrder {
  readonly plan: TriggerPlan;
  readonly ports: readonly (readonly [ShardName, ServerPorts])[];
  /** Calls begun per second and shard. */
  readonly perSecond: number;
}

/** An answer to `GetMetrics`. */
export interface Answer {
  readonly app: string;
  /** Unix time of the answer, seconds. */
  readonly atSeconds: number;
  /** Demand that KEDA is told, requests per second. */
  readonly value: number;
  readonly ms: number;
}

/** What came of the calls to a shard that ended since the last look. */
export interface Looked {
  readonly shard: ShardName;
  readonly calls: number;
  /** Calls that failed, by the name of their gRPC status, or {@link notReady}. */
  readonly failed: Readonly<Record<string, number>>;
  /** Of `GetMetrics`, in the order in which they came. */
  readonly answers: readonly Answer[];
}

/**
 * A program: asks all shards as KEDA does, workload after workload, each with the three calls of a poll, at an even pace without end, and
 * says at each message `look` what came of it. It waits with the next call to a shard while some are under way, so that a machine that is
 * busy with other work is asked more slowly, and calls do not pile up. A Service of Kubernetes has no address of a pod that is not ready,
 * so that calls to a shard that does not say it is ready fail at once without reaching it. A connection is tried again after a second at
 * most, so that what is measured is the shard and not how long a client waits.
 */
const connections = 2;
const mostUnderWay = 16;
const deadlineMs = 10_000;
const tickMs = 5;
const readinessMs = 1_000;
/** Why a call failed that was to go to a shard which is away or not ready. */
const notReady = 'NOT_READY';
const reconnectMs = 1_000;
const methods = ['GetMetricSpec', 'GetMetrics', 'IsActive'] as const;
type Method = (typeof methods)[number];

interface Asked {
  readonly shard: ShardName;
  readonly triggers: readonly BenchTrigger[];
  readonly clients: readonly ExternalScalerClient[];
  readonly perSecond: number;
  isReady: boolean;
  /** Calls that are due and not begun yet. */
  due: number;
  begun: number;
  underWay: number;
  calls: number;
  failed: Record<string, number>;
  answers: Answer[];
}

let shards: readonly Asked[] = [];

function begin({ plan, ports, perSecond }: AskingOrder): void {
  const triggers = triggersOfShards(plan);
  const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_reconnect_backoff_ms': reconnectMs };
  shards = ports.map(([shard, { grpc }]) => ({
    shard,
    triggers: triggers.get(shard) ?? [],
    clients: Array.from(
      { length: connections },
      () => new ExternalScaler(`127.0.0.1:${grpc}`, credentials.createInsecure(), options),
    ),
    ...{ perSecond, isReady: false, due: 0, begun: 0, underWay: 0, calls: 0, failed: {}, answers: [] },
  }));
  for (const [index, [, { http }]] of ports.entries()) {
    const shard = shards[index];
    setInterval(
      () => void isReady(http).then((is) => Object.assign(shard ?? {}, { isReady: is })),
      readinessMs,
    );
  }
  let lastMs = performance.now();
  setInterval(() => {
    const nowMs = performance.now();
    for (const shard of shards) tick(shard, (nowMs - lastMs) / 1000);
    lastMs = nowMs;
  }, tickMs);
}

function isReady(port: number): Promise<boolean> {
  const asked = (signal: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/readyz`, { signal, headers: { connection: 'close' } });
  return within(deadlineMs, asked).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Begins what is due. What could not be begun in time is not made up for, but for as many calls as may be under way. */
function tick(shard: Asked, seconds: number): void {
  shard.due = Math.min(mostUnderWay, shard.due + seconds * shard.perSecond);
  while (shard.due >= 1 && shard.underWay < mostUnderWay) {
    shard.due--;
    const index = shard.begun++;
    if (shard.isReady) call(shard, index);
    else failed(shard, notReady);
  }
}

function call(asked: Asked, index: number): void {
  const method: Method = methods[index % methods.length] ?? 'GetMetrics';
  const trigger = asked.triggers[Math.floor(index / methods.length) % asked.triggers.length];
  const client = asked.clients[index % asked.clients.length];
  if (trigger === undefined || client === undefined) return;
  const beganMs = performance.now();
  const options = { deadline: Date.now() + deadlineMs };
  asked.underWay++;
  const ended = (error: ServiceError | null, value?: number) => {
    asked.underWay--;
    if (error !== null) return failed(asked, status[error.code] ?? String(error.code));
    asked.calls++;
    if (value !== undefined)
      asked.answers.push({
        app: trigger.app,
        atSeconds: Date.now() / 1000,
        value,
        ms: performance.now() - beganMs,
      });
  };
  const { ref } = trigger;
  if (method === 'GetMetricSpec') client.GetMetricSpec(ref, options, (error) => ended(error));
  else if (method === 'IsActive') client.IsActive(ref, options, (error) => ended(error));
  else
    client.GetMetrics({ scaledObjectRef: ref, metricName: 'forescale-demand' }, options, (error, answer) =>
      ended(error, answer?.metricValues[0]?.metricValueFloat),
    );
}

function failed(asked: Asked, why: string): void {
  asked.calls++;
  asked.failed[why] = (asked.failed[why] ?? 0) + 1;
}

function look(): readonly Looked[] {
  return shards.map((asked) => {
    const { shard, calls, failed, answers } = asked;
    Object.assign(asked, { calls: 0, failed: {}, answers: [] });
    return { shard, calls, failed, answers };
  });
}

process.on('message', (message) => {
  if (message === 'look') process.send?.({ looked: look() });
  else if (message !== 'usage') begin(message as AskingOrder);
});
// The probe lets a process end that has nothing else to do.
process.channel?.ref();
process.once('disconnect', () => process.exit(0));
