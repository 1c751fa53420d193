import { Agent, type Dispatcher, request } from 'undici';
import type { Clock } from '../platform/clock.ts';
import { arrivals, evenGap, poissonGap } from './arrivals.ts';
import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';
import { createLatencyWindow } from './latency-window.ts';
import { createRandom } from './random.ts';
import type { LoadShape } from './shapes/index.ts';

/** Arrivals between two ticks are sent together, so a tick is short beside the latencies that matter. */
const tickMs = 20;
const recentSeconds = 10;

export interface LoadGeneratorOptions {
  /** Base URLs of the instances that are ready; asked for every request, which take turns. */
  readonly targets: () => readonly string[];
  readonly rateAt: LoadShape;
  readonly request: { readonly method: Dispatcher.HttpMethod; readonly path: string; readonly body?: string };
  /** A request that has not been answered whole by then has failed. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /**
   * Beyond this many unanswered requests arrivals are dropped, and counted: the bound on sockets and memory.
   */
  readonly maxInFlight: number;
  readonly seed: number;
  /** `poisson` (the default) arrives as independent users do; `even` at equal distances. */
  readonly arrivals?: 'poisson' | 'even';
}

interface LatencyQuantiles {
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** `sent` = ok + failed + shed + inFlight; `sent` + `dropped` is the offered load. */
interface LoadStats {
  readonly sent: number;
  /** Answered with a status below 400. */
  readonly ok: number;
  /** Any other status, a broken connection, or no whole answer in time. */
  readonly failed: number;
  /** Turned away: 503, connection refused, or no instance was ready. */
  readonly shed: number;
  readonly dropped: number;
  readonly inFlight: number;
  /** Of requests that were ok or failed; timeouts count with the time they were waited for. */
  readonly latency: LatencyQuantiles;
  /** The same over about the last ten seconds. */
  readonly recentLatency: LatencyQuantiles;
}

export interface LoadGenerator {
  start(): void;
  /**
   * Sends no more and settles once everything under way is answered or timed out. It cannot be started again.
   */
  stop(): Promise<void>;
  stats(): LoadStats;
}

type Outcome = 'ok' | 'failed' | 'shed';

/**
 * An open-model load generator: arrivals come at the wanted rate whether or not earlier ones were answered.
 */
export function createLoadGenerator(options: LoadGeneratorOptions): LoadGenerator {
  const { targets, rateAt, clock, maxInFlight } = options;
  const gap = options.arrivals === 'even' ? evenGap : poissonGap(createRandom(options.seed));
  const agent = new Agent();
  const underWay = new Set<Promise<void>>();
  const outcomes: Record<Outcome, number> = { ok: 0, failed: 0, shed: 0 };
  const latencies = createLatencyHistogram();
  const recent = createLatencyWindow(recentSeconds, clock);
  let sent = 0;
  let dropped = 0;
  let turn = 0;
  let untilNext = gap();
  let ticking: NodeJS.Timeout | undefined;

  const sendOne = async (target: string | undefined) => {
    const startedMs = performance.now();
    const outcome = target === undefined ? 'shed' : await attempt(agent, target, options);
    outcomes[outcome]++;
    if (outcome === 'shed') return;
    const latencyMs = performance.now() - startedMs;
    latencies.record(latencyMs);
    recent.record(latencyMs);
  };

  const arrive = () => {
    if (underWay.size >= maxInFlight) {
      dropped++;
      return;
    }
    sent++;
    const ready = targets();
    const sending = sendOne(ready[turn++ % ready.length]).finally(() => underWay.delete(sending));
    underWay.add(sending);
  };

  return {
    start() {
      let from = clock();
      ticking ??= setInterval(() => {
        const to = clock();
        const due = arrivals(rateAt, from, to, untilNext, gap);
        untilNext = due.untilNext;
        from = to;
        for (let i = 0; i < due.count; i++) arrive();
      }, tickMs);
    },
    async stop() {
      clearInterval(ticking);
      await Promise.all(underWay);
      await agent.destroy();
    },
    stats: () => ({
      sent,
      ...outcomes,
      dropped,
      inFlight: underWay.size,
      latency: quantilesOf(latencies),
      recentLatency: quantilesOf(recent.recent()),
    }),
  };
}

async function attempt(
  dispatcher: Dispatcher,
  target: string,
  { request: { method, path, body }, timeoutMs }: LoadGeneratorOptions,
): Promise<Outcome> {
  try {
    const answer = await request(new URL(path, target), {
      dispatcher,
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    await answer.body.dump();
    if (answer.statusCode === 503) return 'shed';
    return answer.statusCode < 400 ? 'ok' : 'failed';
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
