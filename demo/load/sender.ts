import { Agent, type Dispatcher, request } from 'undici';
import type { Clock } from '../../src/platform/clock.ts';
import { within } from '../../src/platform/deadline.ts';
import {
  createLatencyHistogram,
  type LatencyHistogram,
} from '../../src/telemetry-app/page/latency-histogram.ts';
import { createLatencyWindow } from './latency-window.ts';

const recentSeconds = 10;

export interface SenderOptions {
  /** Gives the base URLs of the ready instances, which take turns. It is called for every request. */
  readonly targets: () => readonly string[];
  readonly request: { readonly method: Dispatcher.HttpMethod; readonly path: string; readonly body?: string };
  /** A request without a complete answer after this time counts as failed. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /**
   * Number of unanswered requests above which arrivals are dropped and counted, to bound sockets and memory.
   */
  readonly maxInFlight: number;
}

interface LatencyQuantiles {
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Counts and latencies of one destination. `sent` is ok + failed + shed + inFlight; `sent` + `dropped` is the offered load. */
export interface LoadStats {
  readonly sent: number;
  /** Requests answered with a status below 400. */
  readonly ok: number;
  /** Requests with any other status, a broken connection, or no complete answer in time. */
  readonly failed: number;
  /** Rejected requests: 503, connection refused, or no instance was ready. */
  readonly shed: number;
  readonly dropped: number;
  readonly inFlight: number;
  /** Latencies of requests that were ok or failed. A request that timed out counts with the time it waited. */
  readonly latency: LatencyQuantiles;
  /** Latencies of about the last ten seconds. */
  readonly recentLatency: LatencyQuantiles;
}

export interface Sender {
  /** Sends one request to the next instance and counts its outcome. */
  send(): void;
  stats(): LoadStats;
  /** Resets all counts and latencies. Requests under way are counted neither before nor after. */
  countAnew(): void;
  /** Settles once every request under way is answered or timed out. */
  close(): Promise<void>;
}

type Outcome = 'ok' | 'failed' | 'shed';

/** Counts since the last `countAnew`. */
interface Counts {
  sent: number;
  dropped: number;
  readonly outcomes: Record<Outcome, number>;
  readonly latencies: LatencyHistogram;
}

const noCounts = (): Counts => ({
  sent: 0,
  dropped: 0,
  outcomes: { ok: 0, failed: 0, shed: 0 },
  latencies: createLatencyHistogram(),
});

/** Sends requests to the ready instances in turn, as a load balancer does, and counts their outcomes. */
export function createSender(options: SenderOptions): Sender {
  const { targets, clock, maxInFlight } = options;
  const agent = new Agent();
  const underWay = new Set<Promise<void>>();
  const recent = createLatencyWindow(recentSeconds, clock);
  let counts = noCounts();
  let turn = 0;

  const sendOne = async (target: string | undefined, { outcomes, latencies }: Counts) => {
    const startedMs = performance.now();
    const outcome = target === undefined ? 'shed' : await attempt(agent, target, options);
    outcomes[outcome]++;
    if (outcome === 'shed') return;
    const latencyMs = performance.now() - startedMs;
    latencies.record(latencyMs);
    recent.record(latencyMs);
  };

  return {
    send() {
      if (underWay.size >= maxInFlight) {
        counts.dropped++;
        return;
      }
      counts.sent++;
      const ready = targets();
      const sending = sendOne(ready[turn++ % ready.length], counts).finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    stats: () => ({
      sent: counts.sent,
      ...counts.outcomes,
      dropped: counts.dropped,
      inFlight: underWay.size,
      latency: quantilesOf(counts.latencies),
      recentLatency: quantilesOf(recent.recent()),
    }),
    countAnew() {
      counts = noCounts();
    },
    async close() {
      await Promise.all(underWay);
      await agent.destroy();
    },
  };
}

async function attempt(
  dispatcher: Dispatcher,
  target: string,
  { request: { method, path, body }, timeoutMs }: SenderOptions,
): Promise<Outcome> {
  try {
    return await within(timeoutMs, async (signal) => {
      const answer = await request(new URL(path, target), {
        dispatcher,
        method,
        signal,
        ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
      });
      await answer.body.dump();
      if (answer.statusCode === 503) return 'shed';
      return answer.statusCode < 400 ? 'ok' : 'failed';
    });
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED' ? 'shed' : 'failed';
  }
}

function quantilesOf(histogram: LatencyHistogram): LatencyQuantiles {
  return {
    p50Ms: histogram.quantileMs(0.5),
    p95Ms: histogram.quantileMs(0.95),
    p99Ms: histogram.quantileMs(0.99),
  };
}
