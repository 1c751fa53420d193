import { Type } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import { type Answer, refTo } from '../../platform/http/typed-routes.ts';
import { type Call, roundMs } from '../chain/call-tree.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';
import { createReplicasSeen, ReplicaStateSchema } from './replicas-seen.ts';

const keptSeconds = 60;
/** Rates and quantiles are taken over this many complete seconds. */
const windowSeconds = 10;

const MillisecondsOrNull = Type.Union([Type.Number(), Type.Null()]);
const LatestSchema = Type.Object({
  traceId: Type.String(),
  atSeconds: Type.Number(),
  call: refTo<Call>('Call'),
});

/** The moving part of the page. */
export const LiveStateSchema = Type.Object({
  requestsPerSecond: Type.Number({ minimum: 0 }),
  failedRatio: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'share of requests answered with 500 or above',
  }),
  latencyMs: Type.Object({ p50: MillisecondsOrNull, p95: MillisecondsOrNull, p99: MillisecondsOrNull }),
  seconds: Type.Array(Type.Object({ requests: Type.Integer({ minimum: 0 }), p95Ms: MillisecondsOrNull }), {
    description: 'the last minute, the oldest second first, without the second that has not ended',
  }),
  latest: Type.Union([LatestSchema, Type.Null()], {
    description: 'the newest request that gave a call tree',
  }),
  replicas: Type.Array(ReplicaStateSchema),
});

type LiveState = Answer<typeof LiveStateSchema>;

export type LiveView = ReturnType<typeof createLiveView>;

interface Second {
  requests: number;
  failed: number;
  readonly latencies: LatencyHistogram;
}

interface Latest {
  readonly call: Call;
  readonly trace: { readonly id: string };
  readonly endedMs: number;
}

/**
 * The state the page shows: the last minute of requests, the newest call tree and the replicas in such trees. Every event comes
 * with its monotonic time, because whoever reports it has just read that clock.
 */
export function createLiveView({ clock, nowMs }: { readonly clock: Clock; readonly nowMs: () => number }) {
  const seconds = new Map<number, Second>();
  const replicas = createReplicasSeen();
  let latest: Latest | undefined;

  const begin = (at: number): Second => {
    const [oldest] = seconds.keys();
    if (oldest !== undefined && seconds.size > keptSeconds) seconds.delete(oldest);
    const second = { requests: 0, failed: 0, latencies: createLatencyHistogram() };
    seconds.set(at, second);
    return second;
  };
  return {
    requestFinished(status: number, tookSeconds: number, endedMs: number) {
      const at = Math.floor(endedMs / 1000);
      const second = seconds.get(at) ?? begin(at);
      second.requests += 1;
      if (status >= 500) second.failed += 1;
      second.latencies.record(tookSeconds * 1000);
    },
    /** A call tree was answered with. Its trace id is asked for only when somebody looks at the page. */
    called(call: Call, trace: Latest['trace'], endedMs: number) {
      latest = { call, trace, endedMs };
      replicas.see(call, endedMs / 1000);
    },
    state(): LiveState {
      const now = nowMs();
      const oldest = Math.floor(now / 1000) - keptSeconds;
      const past = Array.from({ length: keptSeconds }, (_, i) => seconds.get(oldest + i));
      return {
        ...summary(past.slice(-windowSeconds)),
        seconds: past.map((second) => ({
          requests: second?.requests ?? 0,
          p95Ms: quantile(second?.latencies, 0.95),
        })),
        latest:
          latest === undefined
            ? null
            : {
                traceId: latest.trace.id,
                atSeconds: clock() - (now - latest.endedMs) / 1000,
                call: latest.call,
              },
        replicas: replicas.list(now / 1000),
      };
    },
  };
}

function summary(seconds: readonly (Second | undefined)[]) {
  const all = createLatencyHistogram();
  let requests = 0;
  let failed = 0;
  for (const second of seconds) {
    if (second === undefined) continue;
    requests += second.requests;
    failed += second.failed;
    all.add(second.latencies);
  }
  return {
    requestsPerSecond: requests / seconds.length,
    failedRatio: requests === 0 ? 0 : failed / requests,
    latencyMs: { p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99) },
  };
}

function quantile(latencies: LatencyHistogram | undefined, q: number): number | null {
  const ms = latencies?.quantileMs(q);
  return ms === undefined ? null : roundMs(ms);
}
