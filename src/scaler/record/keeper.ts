import type { RecordedDecision, RecordKey } from '../../forecast/index.ts';

/** A decision of a workload that goes on record. */
export interface Noted extends RecordKey {
  readonly decision: RecordedDecision;
}

/** Decisions of one workload as bytes, with the times of the first and the last. */
export interface KeptChunk {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly bytes: Uint8Array;
}

/** Keeps the decisions of workloads. Each method may throw where a file cannot be read or written. */
export interface RecordKeeper {
  /** Keeps decisions, all of them or, where it throws, none. They last when it returns, as long as what keeps them does. */
  append(noted: readonly Noted[]): void;
  /** What is kept of a trigger and may have decisions in [from, to], oldest first. */
  chunksOf(key: RecordKey, fromSeconds: number, toSeconds: number): Iterable<KeptChunk>;
  /** Time of the oldest decision of a trigger that is kept; undefined where there is none. */
  oldestSeconds(key: RecordKey): number | undefined;
  triggers(namespace: string, name: string): readonly string[];
  /** Does one piece of what keeps the record small; false where there is nothing to do. A piece takes some milliseconds. */
  tidy(nowSeconds: number): boolean;
  close(): void;
}

/** How long decisions are kept. */
export const keptSeconds = 30 * 86_400;
/** Time for which the newest decisions are kept exactly, where their number allows. */
export const exactSeconds = 86_400;

/** Decisions by their workload, in the order in which they were made. */
export function byWorkload(noted: readonly Noted[]): readonly (readonly [RecordKey, RecordedDecision[]])[] {
  const grouped = Map.groupBy(noted, ({ namespace, name, trigger }) => `${namespace}/${name}/${trigger}`);
  return [...grouped.values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [[first, own.map(({ decision }) => decision)] as const];
  });
}

/** Times of the first and the last of some decisions; the clock may have gone back among them. */
export function spanOf(decisions: readonly RecordedDecision[]): Omit<KeptChunk, 'bytes'> {
  const times = decisions.map(({ atSeconds }) => atSeconds);
  return {
    fromSeconds: times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY),
    toSeconds: times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY),
  };
}
