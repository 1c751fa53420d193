import type { Random } from '../load/random.ts';

/** Milliseconds the next request waits before it is worked on. */
export type Latency = () => number;

/** Uniform between 0 and `maxMs`: its mean is half of it. */
export function uniformLatency(maxMs: number, random: Random): Latency {
  return maxMs === 0 ? () => 0 : () => random() * maxMs;
}
