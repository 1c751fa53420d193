import type { Clock } from '../../src/platform/clock.ts';
import {
  createLatencyHistogram,
  type LatencyHistogram,
} from '../../src/telemetry-app/page/latency-histogram.ts';

export interface LatencyWindow {
  record(latencyMs: number): void;
  /** Histogram of recent latencies. It reaches back at least half a window and at most a whole one. */
  recent(): LatencyHistogram;
}

/**
 * Keeps the latencies of about the last `windowSeconds`, in two halves; the older half is dropped when the newer one is full.
 */
export function createLatencyWindow(windowSeconds: number, clock: Clock): LatencyWindow {
  const half = () => Math.floor((2 * clock()) / windowSeconds);
  let older = createLatencyHistogram();
  let newer = createLatencyHistogram();
  let newerHalf = half();

  const turn = () => {
    const current = half();
    if (current === newerHalf) return;
    older = current === newerHalf + 1 ? newer : createLatencyHistogram();
    newer = createLatencyHistogram();
    newerHalf = current;
  };
  return {
    record(latencyMs) {
      turn();
      newer.record(latencyMs);
    },
    recent() {
      turn();
      const both = createLatencyHistogram();
      both.add(older);
      both.add(newer);
      return both;
    },
  };
}
