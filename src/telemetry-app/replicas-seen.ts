import type { Clock } from '../platform/clock.ts';
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

export interface ReplicasSeen {
  see(tree: Call): void;
  /** By name, those seen lately. */
  list(): ReplicaState[];
}

interface Seen {
  readonly call: Call;
  readonly calls: number;
  readonly failed: number;
  readonly atSeconds: number;
}

/** Remembers who was in the trees; bounded in number and in time. */
export function createReplicasSeen(clock: Clock): ReplicasSeen {
  // In the order they were last seen: the first one is forgotten first.
  const seen = new Map<string, Seen>();
  const note = (call: Call, atSeconds: number) => {
    const key = `${call.name} ${call.instance ?? call.url ?? ''}`;
    const before = seen.get(key);
    seen.delete(key);
    seen.set(key, {
      call,
      calls: (before?.calls ?? 0) + 1,
      failed: (before?.failed ?? 0) + (call.error === undefined ? 0 : 1),
      atSeconds,
    });
    for (const inner of call.calls) note(inner, atSeconds);
  };
  const forget = (nowSeconds: number) => {
    for (const [key, { atSeconds }] of seen) {
      if (seen.size <= maxReplicas && nowSeconds - atSeconds <= forgetAfterSeconds) break;
      seen.delete(key);
    }
  };
  return {
    see(tree) {
      const now = clock();
      note(tree, now);
      forget(now);
    },
    list() {
      const now = clock();
      forget(now);
      return [...seen.values()]
        .map((entry) => toState(entry, now))
        .sort((a, b) => compare(a.name, b.name) || compare(a.instance ?? '', b.instance ?? ''));
    },
  };
}

function toState({ call, calls, failed, atSeconds }: Seen, nowSeconds: number): ReplicaState {
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
