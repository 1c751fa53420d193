import type { Call, CallError } from './call-tree.ts';

/** A replica that no tree has named for this long is no longer worth a row. */
const forgetAfterSeconds = 60;
/** Many trees pass within this; a replica in none of them gets no requests any more. */
const silentAfterSeconds = 10;
/** A fleet larger than this shows its latest ones. */
const maxReplicas = 200;

/** What the call trees of this app tell of a replica, of its own or of another app. */
export interface ReplicaState {
  readonly name: string;
  /** Absent for a destination that does not say. */
  readonly instance?: string;
  readonly url?: string;
  readonly state: 'answering' | 'failing' | 'silent';
  /** In how many trees it was, and how often with an error. */
  readonly calls: number;
  readonly failed: number;
  readonly lastStatus: number | null;
  readonly lastOwnMs: number;
  readonly lastError?: CallError;
  readonly secondsAgo: number;
}

/** Times are in seconds on a clock that only goes forward. */
export interface ReplicasSeen {
  see(tree: Call, nowSeconds: number): void;
  /** By name, those seen lately. */
  list(nowSeconds: number): ReplicaState[];
}

interface Seen {
  /** Without the calls it led to: a tree may be large, and there may be one for each replica. */
  last: Omit<Call, 'calls'>;
  calls: number;
  failed: number;
  atSeconds: number;
}

/** Remembers who was in the trees; bounded in number and in time. */
export function createReplicasSeen(): ReplicasSeen {
  const seen = new Map<string, Seen>();
  const note = (call: Call, atSeconds: number) => {
    const key = `${call.name} ${call.instance ?? call.url ?? ''}`;
    let entry = seen.get(key);
    if (entry === undefined) {
      entry = { last: call, calls: 0, failed: 0, atSeconds };
      seen.set(key, entry);
    }
    entry.last = call.calls.length === 0 ? call : { ...call, calls: [] };
    entry.calls += 1;
    if (call.error !== undefined) entry.failed += 1;
    entry.atSeconds = atSeconds;
    for (const inner of call.calls) note(inner, atSeconds);
  };
  /** Those not seen for long, and beyond the limit those not seen for longest. */
  const forget = (nowSeconds: number) => {
    const newestFirst = [...seen].reverse().sort(([, a], [, b]) => b.atSeconds - a.atSeconds);
    for (const [index, [key, { atSeconds }]] of newestFirst.entries()) {
      if (index >= maxReplicas || nowSeconds - atSeconds > forgetAfterSeconds) seen.delete(key);
    }
  };
  return {
    see(tree, nowSeconds) {
      note(tree, nowSeconds);
      // Once for a tree: a tree of a thousand strangers would else have the list sorted a thousand times.
      if (seen.size > maxReplicas) forget(nowSeconds);
    },
    list(nowSeconds) {
      forget(nowSeconds);
      return [...seen.values()]
        .map((entry) => toState(entry, nowSeconds))
        .sort((a, b) => compare(a.name, b.name) || compare(a.instance ?? '', b.instance ?? ''));
    },
  };
}

function toState({ last: call, calls, failed, atSeconds }: Seen, nowSeconds: number): ReplicaState {
  const secondsAgo = Math.max(0, Math.round(nowSeconds - atSeconds));
  const answering = call.error === undefined ? 'answering' : 'failing';
  return {
    name: call.name,
    ...(call.instance === undefined ? {} : { instance: call.instance }),
    ...(call.url === undefined ? {} : { url: call.url }),
    state: secondsAgo > silentAfterSeconds ? 'silent' : answering,
    calls,
    failed,
    lastStatus: call.status,
    lastOwnMs: call.ownMs,
    ...(call.error === undefined ? {} : { lastError: call.error }),
    secondsAgo,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
