import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { TakeTurn } from '../first-reads.ts';
import {
  type FollowerKinds,
  goOnFrom,
  HistoryChanged,
  type Learned,
  type Learners,
  readAll,
  snapshotOf,
} from './learned.ts';
import type { Snapshot } from './snapshot.ts';
import type { SnapshotPlace } from './snapshot-place.ts';

/** Time between two snapshots of a model, on average. The rows since then are replayed: an hour of minutes takes milliseconds. */
const everySeconds = 3600;
/**
 * After a restart a follower that the snapshot does not know may be one that is asked for only until the cluster is read, so that
 * nothing is replayed for it at once. Meanwhile another one stands in for it.
 */
const patienceSeconds = 180;

/** How one model is kept across restarts. */
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
  parts: Learners & { readonly takeTurn: TakeTurn; readonly mostAgeSeconds: number },
): SnapshotKeeping {
  let restored: { readonly keys: ReadonlySet<string>; readonly atSeconds: number } | undefined;
  let hasLooked = snapshots === undefined;
  let keptSeconds = Number.POSITIVE_INFINITY;
  let dueSeconds = Number.NEGATIVE_INFINITY;
  /** The followers of the newest snapshot. */
  let keptKeys = '';

  const keysOf = (followers: ReadonlyMap<string, unknown>) => [...followers.keys()].sort().join('\n');

  async function restore(
    isUsable: (snapshot: Snapshot) => boolean,
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<Learned | undefined> {
    const snapshot = await snapshots?.load();
    if (snapshots === undefined || snapshot === undefined || !isUsable(snapshot)) return undefined;
    // A restart restores many, and each takes milliseconds.
    await nextTurn();
    const learned = begun(snapshots, parts, kinds, snapshot);
    if (learned === undefined) return undefined;
    try {
      await readAll(learned, (work) => work(), atSeconds, signal);
      restored ??= { keys: new Set(snapshot.followers.keys()), atSeconds };
      note(snapshot.followers, snapshot.readUntilSeconds);
      return learned;
    } catch (error) {
      if (!(error instanceof HistoryChanged || error instanceof RangeError)) throw error;
      snapshots.refuse(error.message);
      return undefined;
    }
  }

  function note(followers: ReadonlyMap<string, unknown>, atSeconds: number): void {
    keptKeys = keysOf(followers);
    keptSeconds = atSeconds;
    dueSeconds = atSeconds + everySeconds * (0.75 + (snapshots?.share ?? 0) / 2);
  }

  const isOfLately = (atSeconds: number) => (snapshot: Snapshot) => {
    const ageSeconds = atSeconds - snapshot.readUntilSeconds;
    if (ageSeconds >= 0 && ageSeconds <= parts.mostAgeSeconds) return true;
    snapshots?.refuse(ageSeconds < 0 ? 'it is of the future' : 'it is too old');
    return false;
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
      if (snapshots === undefined) return;
      // A clock that was ahead and came back makes one due, too.
      const isDue = atSeconds < keptSeconds || atSeconds >= dueSeconds;
      if (!isDue && keysOf(learned.followers) === keptKeys) return;
      note(learned.followers, atSeconds);
      void snapshots.save(snapshotOf(learned));
    },
  };
}

/** Undefined where a snapshot is not one of these parts, whatever else it is: nothing but a replay is lost. */
function begun(
  { refuse }: SnapshotPlace,
  learners: Learners,
  kinds: FollowerKinds,
  snapshot: Snapshot,
): Learned | undefined {
  try {
    return goOnFrom(learners, kinds, snapshot);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
