import { setTimeout as sleep } from 'node:timers/promises';
import type { KedaCaller } from '../integration/scaler-client.ts';

/** A pause between two questions: a polling of some hundred ScaledObjects. */
const pauseMs = 10;

/** Whom to ask, and about what. */
export interface Watched {
  readonly keda: KedaCaller;
  /** A server under the same load that does nothing, asked in turn with the watched one. */
  readonly bare: KedaCaller;
  readonly trigger: Readonly<Record<string, string>>;
}

/** Times of answers, milliseconds, rising. */
interface Latencies {
  readonly ms: readonly number[];
  readonly bareMs: readonly number[];
  readonly failures: readonly string[];
}

/** Asks for one workload time and again, at least `fewest` times, until a time is over. */
export async function watchAnswers(
  { keda, bare, trigger }: Watched,
  { untilMs, fewest }: { readonly untilMs: number; readonly fewest: number },
): Promise<Latencies> {
  const ms: number[] = [];
  const bareMs: number[] = [];
  const failures: string[] = [];
  while (performance.now() < untilMs || ms.length < fewest) {
    ms.push(await timeOf(() => keda.value('app', trigger).catch((error) => failures.push(String(error)))));
    await sleep(pauseMs);
    bareMs.push(await timeOf(() => bare.value('app', trigger)));
    await sleep(pauseMs);
  }
  for (const times of [ms, bareMs]) times.sort((a, b) => a - b);
  return { ms, bareMs, failures };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The time within which 99 of 100 answers came. */
export function p99(times: readonly number[]): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? Number.NaN;
}
