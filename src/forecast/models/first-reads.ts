import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';

/** Does a part of reading and learning a history when it is its turn. */
export type TakeTurn = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** A turn at once, for who is alone. */
export const atOnce: TakeTurn = (work) => work();

/**
 * First reads of one source that are under way at once, and how many of them one namespace may have. A read is held until its rows
 * are learned, so that a source has at most this many times `stepsPerRead` (history/tail.ts) rows in memory for them, 200,000 of
 * 17 bytes, or 7 MB while parts are joined or filled with zeros. Later reads have a row a step and are not counted. Each source has
 * its own turns, because one that hangs holds them for minutes.
 */
const firstReadsAtOnce = 4;
const firstReadsPerNamespace = firstReadsAtOnce / 2;

/** Namespaces whose turns are remembered; with one more all are made anew when they are asked for. */
const mostTurns = 10_000;

/** Gives turns to first reads; namespaces take turns, however many histories one of them waits for. */
export function createFirstReads() {
  /** By source, of which there are as many as the server's file allows, and by namespace. */
  const limits = new Map<string, ReturnType<typeof createConcurrencyLimit>>();
  const turns = new Map<string, TakeTurn>();
  return (source: string, namespace: string): TakeTurn => {
    const limit = limits.get(source) ?? createConcurrencyLimit(firstReadsAtOnce, firstReadsPerNamespace);
    limits.set(source, limit);
    const key = `${source} ${namespace}`;
    const known = turns.get(key);
    if (known !== undefined) return known;
    if (turns.size >= mostTurns) turns.clear();
    const turn: TakeTurn = (work, signal) => limit.run(work, signal, namespace);
    turns.set(key, turn);
    return turn;
  };
}
