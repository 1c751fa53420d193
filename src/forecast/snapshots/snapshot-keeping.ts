import type { Clock } from '../../platform/clock.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { TakeTurn } from '../models/first-reads.ts';
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
  readonly mayDiffer: boolean;
  /** Whether followers that no snapshot knows, and that are not settled, are to wait. */
  isWaitingFor(followers: readonly string[], atSeconds: number): boolean;
  /** Keeps a snapshot where one is due. */
  keep(learned: Learned, atSeconds: number): void;
}

interface KeepingParts extends Learners {
  readonly takeTurn: TakeTurn;
  readonly mostAgeSeconds: number;
  readonly clock: Clock;
}

export function createSnapshotKeeping(
  snapshots: SnapshotPlace | undefined,
  kinds: FollowerKinds,
  parts: KeepingParts,
): SnapshotKeeping {
  return new HourlySnapshots(snapshots, kinds, parts);
}

/** A class, as StartingFleet of the controllers is. */
class HourlySnapshots implements SnapshotKeeping {
  mayDiffer = false;
  readonly #snapshots: SnapshotPlace | undefined;
  readonly #kinds: FollowerKinds;
  readonly #parts: KeepingParts;
  #restored: { readonly keys: ReadonlySet<string>; readonly atSeconds: number } | undefined;
  /** Followers that no snapshot knew when they were looked for: they are looked for once, until none is missing. */
  #askedFor = '';
  /** When a snapshot was kept, when the next one is due, and the followers of the newest. */
  #keptSeconds = Number.POSITIVE_INFINITY;
  #dueSeconds = Number.NEGATIVE_INFINITY;
  #keptKeys = '';

  constructor(snapshots: SnapshotPlace | undefined, kinds: FollowerKinds, parts: KeepingParts) {
    this.#snapshots = snapshots;
    this.#kinds = kinds;
    this.#parts = parts;
  }

  async first(atSeconds: number, signal: AbortSignal): Promise<Learned | undefined> {
    this.mayDiffer = false;
    if (this.#snapshots === undefined) return undefined;
    const isOfLately = (snapshot: Snapshot) => this.#isOfLately(snapshot, atSeconds);
    return this.#parts.takeTurn(() => this.#restore(isOfLately, atSeconds, signal), signal);
  }

  async again(
    followers: readonly string[],
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<Learned | undefined> {
    const keys = followers.toSorted().join('\n');
    if (keys === this.#askedFor) return undefined;
    this.#askedFor = keys;
    const knowsThem = (snapshot: Snapshot) => followers.every((key) => snapshot.followers.has(key));
    return this.#restore(knowsThem, atSeconds, signal);
  }

  isWaitingFor(followers: readonly string[], atSeconds: number): boolean {
    const restored = this.#restored;
    return (
      restored !== undefined &&
      Math.abs(atSeconds - restored.atSeconds) < patienceSeconds &&
      !followers.every((key) => restored.keys.has(key)) &&
      !followers.some((key) => this.#kinds.get(key)?.isSettled())
    );
  }

  keep(learned: Learned, atSeconds: number): void {
    this.#askedFor = '';
    const snapshots = this.#snapshots;
    if (snapshots?.isKept !== true) return;
    if (!this.#isDue(learned.followers, atSeconds)) return;
    this.#noteKept(learned.followers, atSeconds);
    void snapshots.save(snapshotOf(learned));
  }

  async #restore(
    isUsable: (snapshot: Snapshot) => boolean,
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<Learned | undefined> {
    const snapshots = this.#snapshots;
    if (snapshots === undefined) return undefined;
    for await (const found of snapshots.find(signal)) {
      if (found === 'not told') this.mayDiffer = true;
      if (found === 'not told' || !isUsable(found.snapshot)) continue;
      const { snapshot, isOwn } = found;
      // A restart restores many, and each takes milliseconds.
      await nextTurn();
      const what = { snapshot, learners: this.#parts, kinds: this.#kinds };
      const learned = await restoreLearned(snapshots, what, this.#nowOf(atSeconds), signal);
      if (learned === undefined) continue;
      this.#restored ??= { keys: new Set(snapshot.followers.keys()), atSeconds };
      if (isOwn) this.#noteKept(snapshot.followers, snapshot.readUntilSeconds);
      return learned;
    }
    return undefined;
  }

  /** Another replica may have learned rows that were not there yet when a read was asked for, and waited for its turn. */
  #nowOf(askedSeconds: number): number {
    return Math.max(askedSeconds, this.#parts.clock());
  }

  #isOfLately(snapshot: Snapshot, atSeconds: number): boolean {
    const ageSeconds = this.#nowOf(atSeconds) - snapshot.readUntilSeconds;
    const fault = faultOfAge(ageSeconds, this.#parts.mostAgeSeconds);
    if (fault !== undefined) this.#snapshots?.refuse(fault);
    return fault === undefined;
  }

  /** When the next snapshot is due; `share` spreads that over the models. */
  #noteKept(followers: ReadonlyMap<string, unknown>, atSeconds: number): void {
    this.#keptKeys = keysOf(followers);
    this.#keptSeconds = atSeconds;
    this.#dueSeconds = atSeconds + everySeconds * (0.75 + (this.#snapshots?.share ?? 0) / 2);
  }

  /** A clock that was ahead and came back makes one due, too. */
  #isDue(followers: ReadonlyMap<string, unknown>, atSeconds: number): boolean {
    return (
      atSeconds < this.#keptSeconds || atSeconds >= this.#dueSeconds || keysOf(followers) !== this.#keptKeys
    );
  }
}

function keysOf(followers: ReadonlyMap<string, unknown>): string {
  return [...followers.keys()].sort().join('\n');
}

function faultOfAge(ageSeconds: number, mostSeconds: number): string | undefined {
  if (ageSeconds < 0) return 'it is of the future';
  return ageSeconds > mostSeconds ? 'it is too old' : undefined;
}
