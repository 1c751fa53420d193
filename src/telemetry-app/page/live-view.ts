import type { Clock } from '../../platform/clock.ts';
import { createLatencyHistogram, type LatencyHistogram } from '../../platform/latency-histogram.ts';
import { type Call, roundMs } from '../chain/call-tree.ts';
import { createReplicasSeen, type ReplicaState } from '../chain/replicas-seen.ts';

const keptSeconds = 60;
/** Rates and quantiles are of the last seconds that are over. */
const windowSeconds = 10;

export interface LiveState {
  readonly requestsPerSecond: number;
  /** Share of the requests answered with 500 or above. */
  readonly failedRatio: number;
  readonly latencyMs: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  /** The last minute, second by second, the oldest first; the second that runs is not in it. */
  readonly seconds: readonly { readonly requests: number; readonly p95Ms: number | null }[];
  /** Of the newest request that made one. */
  readonly latest: { readonly traceId: string; readonly atSeconds: number; readonly call: Call } | null;
  readonly replicas: readonly ReplicaState[];
}

/** Everything that happens has its time in monotonic milliseconds: whoever tells of it has just looked at that clock. */
export interface LiveView {
  requestFinished(status: number, seconds: number, endedMs: number): void;
  /** A tree was answered with; its trace is asked for only when somebody looks at it. */
  called(call: Call, trace: { readonly id: string }, endedMs: number): void;
  state(): LiveState;
}

export interface LiveViewOptions {
  readonly clock: Clock;
  readonly nowMs: () => number;
}

interface Second {
  at: number;
  requests: number;
  failed: number;
  latencies: LatencyHistogram;
}

/** What the page shows: the last minute of requests, the newest call tree and who is in such trees. */
export function createLiveView({ clock, nowMs }: LiveViewOptions): LiveView {
  const ring: (Second | undefined)[] = new Array(keptSeconds + 1).fill(undefined);
  const replicas = createReplicasSeen();
  let latest:
    | { readonly call: Call; readonly trace: { readonly id: string }; readonly endedMs: number }
    | undefined;

  const told = ({ call, trace, endedMs }: NonNullable<typeof latest>) => ({
    traceId: trace.id,
    atSeconds: clock() - (nowMs() - endedMs) / 1000,
    call,
  });
  const secondOf = (at: number): Second => {
    const kept = ring[at % ring.length];
    if (kept?.at === at) return kept;
    const fresh = { at, requests: 0, failed: 0, latencies: createLatencyHistogram() };
    ring[at % ring.length] = fresh;
    return fresh;
  };
  return {
    requestFinished(status, seconds, endedMs) {
      const second = secondOf(Math.floor(endedMs / 1000));
      second.requests += 1;
      if (status >= 500) second.failed += 1;
      second.latencies.record(seconds * 1000);
    },
    called(call, trace, endedMs) {
      latest = { call, trace, endedMs };
      replicas.see(call, endedMs / 1000);
    },
    state() {
      const now = nowMs() / 1000;
      const past = Array.from({ length: keptSeconds }, (_, i) => Math.floor(now) - keptSeconds + i).map(
        (at) => {
          const kept = ring[at % ring.length];
          return kept?.at === at ? kept : undefined;
        },
      );
      return {
        ...summary(past.slice(-windowSeconds)),
        seconds: past.map((second) => ({
          requests: second?.requests ?? 0,
          p95Ms: quantile(second?.latencies, 0.95),
        })),
        latest: latest === undefined ? null : told(latest),
        replicas: replicas.list(now),
      };
    },
  };
}

function summary(
  seconds: readonly (Second | undefined)[],
): Pick<LiveState, 'requestsPerSecond' | 'failedRatio' | 'latencyMs'> {
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
