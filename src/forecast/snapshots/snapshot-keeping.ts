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
 * nothing is replayed for it for so long. Meanwhile another one stands in for it.
 */
const patienceSeconds = 180;

/** How one model is kept across restarts, and taken over from other replicas. */
export interface SnapshotKeeping {
  /** Before anything was learned to its end: what a snapshot says was learned, and what came since; undefined where none can be gone on from. Rejects as the source does. */
  first(atSeconds: number, signal: AbortSignal): Promise<Learned | undefined>;
  /** The same where the snapshot knows all of these followers. */
  again(followers: readonly string[], atSeconds: number, signal: AbortSignal): Promise<Learned | undefined>;
  /** Whether another replica may have learned what this one could not take over, so that it is to learn as that one did. */
  mayDiffer(): boolean;
  /** Whether followers that no snapshot knows, and that are not settled, are to wait. */
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
  let mayDiffer = false;
  /** Followers that no snapshot knew when they were looked for: they are looked for once, until none is missing. */
  let askedFor = '';
  const rhythm = createRhythm(snapshots?.share ?? 0);

  /** Another replica may have learned rows that were not there yet when a read was asked for, and waited for its turn. */
  const nowOf = (askedSeconds: number) => Math.max(askedSeconds, parts.clock());

  async function restore(
    isUsable: (snapshot: Snapshot) => boolean,
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<Learned | undefined> {
    if (snapshots === undefined) return undefined;
    for await (const found of snapshots.find(signal)) {
      if (found === 'not told') mayDiffer = true;
      if (found === 'not told' || !isUsable(found.snapshot)) continue;
      const { snapshot, isOwn } = found;
      // A restart restores many, and each takes milliseconds.
      await nextTurn();
      const what = { snapshot, learners: parts, kinds };
      const learned = await restoreLearned(snapshots, what, nowOf(atSeconds), signal);
      if (learned === undefined) continue;
      restored ??= { keys: new Set(snapshot.followers.keys()), atSeconds };
      if (isOwn) rhythm.note(snapshot.followers, snapshot.readUntilSeconds);
      return learned;
    }
    return undefined;
  }

  const isOfLately = (atSeconds: number) => (snapshot: Snapshot) => {
    const fault = faultOfAge(nowOf(atSeconds) - snapshot.readUntilSeconds, parts.mostAgeSeconds);
    if (fault !== undefined) snapshots?.refuse(fault);
    return fault === undefined;
  };

  return {
    async first(atSeconds, signal) {
      mayDiffer = false;
      if (snapshots === undefined) return undefined;
      return parts.takeTurn(() => restore(isOfLately(atSeconds), atSeconds, signal), signal);
    },
    async again(followers, atSeconds, signal) {
      const keys = followers.toSorted().join('\n');
      if (keys === askedFor) return undefined;
      askedFor = keys;
      const knowsThem = (snapshot: Snapshot) => followers.every((key) => snapshot.followers.has(key));
      return restore(knowsThem, atSeconds, signal);
    },
    mayDiffer: () => mayDiffer,
    isWaitingFor: (followers, atSeconds) =>
      restored !== undefined &&
      Math.abs(atSeconds - restored.atSeconds) < patienceSeconds &&
      !followers.every((key) => restored?.keys.has(key)) &&
      !followers.some((key) => kinds.get(key)?.isSettled()),
    keep(learned, atSeconds) {
      askedFor = '';
      if (snapshots?.isKept !== true) return;
      if (!rhythm.isDue(learned.followers, atSeconds)) return;
      rhythm.note(learned.followers, atSeconds);
      void snapshots.save(snapshotOf(learned));
    },
  };
}

/** When a snapshot is to be kept anew; `share` spreads that over the models. */
function createRhythm(share: number) {
  let keptSeconds = Number.POSITIVE_INFINITY;
  let dueSeconds = Number.NEGATIVE_INFINITY;
  /** The followers of the newest snapshot. */
  let keptKeys = '';
  const keysOf = (followers: ReadonlyMap<string, unknown>) => [...followers.keys()].sort().join('\n');
  return {
    note(followers: ReadonlyMap<string, unknown>, atSeconds: number): void {
      keptKeys = keysOf(followers);
      keptSeconds = atSeconds;
      dueSeconds = atSeconds + everySeconds * (0.75 + share / 2);
    },
    /** A clock that was ahead and came back makes one due, too. */
    isDue: (followers: ReadonlyMap<string, unknown>, atSeconds: number) =>
      atSeconds < keptSeconds || atSeconds >= dueSeconds || keysOf(followers) !== keptKeys,
  };
}

function faultOfAge(ageSeconds: number, mostSeconds: number): string | undefined {
  if (ageSeconds < 0) return 'it is of the future';
  return ageSeconds > mostSeconds ? 'it is too old' : undefined;
}
