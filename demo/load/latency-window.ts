import type { Clock } from '../../src/platform/clock.ts';
import { createLatencyHistogram, type LatencyHistogram } from '../../src/platform/latency-histogram.ts';

export interface LatencyWindow {
  record(latencyMs: number): void;
  /** Latencies of the last half window, at least, and of the whole window, at most. */
  recent(): LatencyHistogram;
}

/** Latencies of about the last `windowSeconds`, kept in two halves, of which the older one is dropped. */
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
