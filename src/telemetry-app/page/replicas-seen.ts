import { Type } from 'typebox';
import { type Answer, refTo } from '../../platform/http/typed-routes.ts';
import type { Call, CallError } from '../chain/call-tree.ts';

/** A replica that no tree has named for this long is forgotten. */
const forgetAfterSeconds = 60;
/** Many trees are seen within this time; a replica that is in none of them gets no requests any more. */
const silentAfterSeconds = 10;
/** Most replicas remembered; of a larger fleet the latest ones are shown. */
const maxReplicas = 200;

/** The state of a replica, of this app or another one, as the call trees of this app show it. */
export const ReplicaStateSchema = Type.Object({
  name: Type.String(),
  instance: Type.Optional(Type.String({ description: 'absent for a destination that does not give one' })),
  url: Type.Optional(Type.String()),
  state: Type.Enum(['answering', 'failing', 'silent']),
  calls: Type.Integer({ minimum: 0, description: 'number of trees in which the replica was' }),
  failed: Type.Integer({ minimum: 0, description: 'number of trees in which it was with an error' }),
  lastStatus: Type.Union([Type.Integer(), Type.Null()]),
  lastOwnMs: Type.Number({ minimum: 0 }),
  lastError: Type.Optional(refTo<CallError>('CallError')),
  secondsAgo: Type.Integer({ minimum: 0 }),
});

interface Seen {
  /** The last call, without the calls it led to: a tree may be large, and there may be one for each replica. */
  readonly last: Call;
  readonly calls: number;
  readonly failed: number;
  readonly atSeconds: number;
}

/** Remembers which replicas were in the trees; bounded in number and in time. Times are monotonic seconds. */
export function createReplicasSeen() {
  const seen = new Map<string, Seen>();
  const note = (call: Call, atSeconds: number) => {
    const key = `${call.name} ${call.instance ?? call.url ?? ''}`;
    const { calls, failed } = seen.get(key) ?? { calls: 0, failed: 0 };
    const last = call.calls.length === 0 ? call : { ...call, calls: [] };
    seen.set(key, { last, calls: calls + 1, failed: failed + (call.error === undefined ? 0 : 1), atSeconds });
    for (const inner of call.calls) note(inner, atSeconds);
  };
  /** Forgets replicas that were not seen for long and, beyond the limit, those that were not seen for longest. */
  const forget = (nowSeconds: number) => {
    const newestFirst = [...seen].reverse().sort(([, a], [, b]) => b.atSeconds - a.atSeconds);
    for (const [index, [key, { atSeconds }]] of newestFirst.entries()) {
      if (index >= maxReplicas || nowSeconds - atSeconds > forgetAfterSeconds) seen.delete(key);
    }
  };
  return {
    see(tree: Call, nowSeconds: number) {
      note(tree, nowSeconds);
      // Once for a tree, not once for each call: a tree of a thousand strangers would have the list sorted a thousand times.
      if (seen.size > maxReplicas) forget(nowSeconds);
    },
    /** The replicas seen lately, sorted by name. */
    list(nowSeconds: number) {
      forget(nowSeconds);
      return [...seen.values()]
        .map((entry) => toState(entry, nowSeconds))
        .sort((a, b) => compare(a.name, b.name) || compare(a.instance ?? '', b.instance ?? ''));
    },
  };
}

function toState(
  { last, atSeconds, ...counts }: Seen,
  nowSeconds: number,
): Answer<typeof ReplicaStateSchema> {
  const { status, ownMs, durationMs: _, error, calls: __, ...replica } = last;
  const secondsAgo = Math.max(0, Math.round(nowSeconds - atSeconds));
  const answering = error === undefined ? 'answering' : 'failing';
  return {
    ...replica,
    state: secondsAgo > silentAfterSeconds ? 'silent' : answering,
    ...counts,
    lastStatus: status,
    lastOwnMs: ownMs,
    ...(error === undefined ? {} : { lastError: error }),
    secondsAgo,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
