import type { Clock } from '../../platform/clock.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { TakeTurn } from '../first-reads.ts';
import { type FollowerKinds, type Learned, type Learners, snapshotOf } from './learned.ts';
import { restoreLearned } from './restore.ts';
import type { Snapshot } from './snapshot.ts';
import type { SnapshotPlace } from './snapshot-place.ts';

/** Time between two snapshots of a model, on average. The rows since then are replayed: an hour of minutes takes milliseconds. */
const everySeconds = 3600;
/**
 * After a restart a follower that the snapshot does not know may be one that is asked for only until the cluster is read, so that
 * nothing is replayed for it at once. Meanwhile another one stands in for it.
 */
const patienceSeconds = 180;

/** How one model is kept across restarts, and taken over from other replicas. */
export interface SnapshotKeeping {
  /** The first time: what a snapshot says was learned, and what came since; undefined where none can be gone on from. Rejects as the source does. */
  first(atSeconds: number, signal: AbortSignal): Promise<Learned | undefined>;
  /** The same where the snapshot knows all of these followers. */
  again(followers: readonly string[], atSeconds: number, signal: AbortSignal): Promise<Learned | undefined>;
  /** Whether followers that no snapshot knows are to wait. */
  isWaitingFor(followers: readonly string[], atSeconds: number): boolean;
  /** Keeps a snapshot where one is due. */
  keep(learned: Learned, atSeconds: number): void;
}

export function createSnapshotKeeping(
  snapshots: SnapshotPlace | undefined,
  kinds: FollowerKinds,
  parts: Learners & { readonly takeTurn: TakeTurn; readonly mostAgeSeconds: number; readonly clock: Clock },
): SnapshotKeeping {
  let restored: { readonly keys: ReadonlySet<string>; readonly atSeconds: number } | undefined;
  let hasLooked = snapshots === undefined;
  let keptSeconds = Number.POSITIVE_INFINITY;
  let dueSeconds = Number.NEGATIVE_INFINITY;
  /** The followers of the newest snapshot. */
  let keptKeys = '';

  /** Another replica may have learned rows that were not there yet when a read was asked for, and waited for its turn. */
  const nowOf = (askedSeconds: number) => Math.max(askedSeconds, parts.clock());

  async function restore(
    isUsable: (snapshot: Snapshot) => boolean,
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<Learned | undefined> {
    if (snapshots === undefined) return undefined;
    for await (const { snapshot, isOwn } of snapshots.find(signal)) {
      if (!isUsable(snapshot)) continue;
      // A restart restores many, and each takes milliseconds.
      await nextTurn();
      const learned = await restoreLearned(
        snapshots,
        { snapshot, learners: parts, kinds },
        nowOf(atSeconds),
        signal,
      );
      if (learned === undefined) continue;
      restored ??= { keys: new Set(snapshot.followers.keys()), atSeconds };
      if (isOwn) note(snapshot.followers, snapshot.readUntilSeconds);
      return learned;
    }
    return undefined;
  }

  function note(followers: ReadonlyMap<string, unknown>, atSeconds: number): void {
    keptKeys = keysOf(followers);
    keptSeconds = atSeconds;
    dueSeconds = atSeconds + everySeconds * (0.75 + (snapshots?.share ?? 0) / 2);
  }

  const isOfLately = (atSeconds: number) => (snapshot: Snapshot) => {
    const fault = faultOfAge(nowOf(atSeconds) - snapshot.readUntilSeconds, parts.mostAgeSeconds);
    if (fault !== undefined) snapshots?.refuse(fault);
    return fault === undefined;
  };

  return {
    async first(atSeconds, signal) {
      if (hasLooked) return undefined;
      const learned = await parts.takeTurn(() => restore(isOfLately(atSeconds), atSeconds, signal), signal);
      hasLooked = true;
      return learned;
    },
    again: (followers, atSeconds, signal) =>
      restore((snapshot) => followers.every((key) => snapshot.followers.has(key)), atSeconds, signal),
    isWaitingFor: (followers, atSeconds) =>
      restored !== undefined &&
      Math.abs(atSeconds - restored.atSeconds) < patienceSeconds &&
      !followers.every((key) => restored?.keys.has(key)),
    keep(learned, atSeconds) {
      if (snapshots?.isKept !== true) return;
      // A clock that was ahead and came back makes one due, too.
      const isDue = atSeconds < keptSeconds || atSeconds >= dueSeconds;
      if (!isDue && keysOf(learned.followers) === keptKeys) return;
      note(learned.followers, atSeconds);
      void snapshots.save(snapshotOf(learned));
    },
  };
}

const keysOf = (followers: ReadonlyMap<string, unknown>) => [...followers.keys()].sort().join('\n');

function faultOfAge(ageSeconds: number, mostSeconds: number): string | undefined {
  if (ageSeconds < 0) return 'it is of the future';
  return ageSeconds > mostSeconds ? 'it is too old' : undefined;
}
