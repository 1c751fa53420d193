import type { Clock } from '../../platform/clock.ts';
import type { CalendarEvent, Forecaster, Learning } from '../core/index.ts';
import type { Following, KeptFollower } from '../following.ts';
import type { TakeTurn } from '../models/first-reads.ts';
import { type CalendarRenewal, createCalendarRenewal } from './calendar-renewal.ts';
import { begin, joinLate, type Learned, type Learners, readAll, snapshotOf } from './learned.ts';
import { saysLess } from './says-less.ts';
import type { Snapshot } from './snapshot.ts';
import { createSnapshotKeeping, type SnapshotKeeping } from './snapshot-keeping.ts';
import type { SnapshotPlace } from './snapshot-place.ts';

/** Rows may be this many steps ahead of the clock, which is not exact. */
const aheadSteps = 2;

export interface LearnedHistoryOptions extends Learners {
  /** Bounds how many histories are read for the first time at once. */
  readonly takeTurn: TakeTurn;
  readonly clock: Clock;
  /** Where what was learned is found and kept; undefined = nowhere. */
  readonly snapshots?: SnapshotPlace | undefined;
  /** A snapshot that is older is not gone on from. */
  readonly mostAgeSeconds: number;
  /** Called when other events were learned, so that the next read can go on with them. */
  onEventsLearned?(): void;
  /** Says why events of before still count. */
  onEventsRefused(reason: string): void;
}

/** A kind of follower that is asked for. */
class FollowerKind {
  readonly create: () => KeptFollower;
  /** Who asked for it; nearly always it is one. */
  holders: readonly KeyFollowing<KeptFollower>[] = [];

  constructor(create: () => KeptFollower) {
    this.create = create;
  }

  isSettled(): boolean {
    return this.holders.some((holder) => holder.isSettled());
  }
}

/** A forecaster that learns the history of one query as it grows. */
export function createLearnedHistory(options: LearnedHistoryOptions): LearnedHistory {
  return new LearnedHistory(options);
}

/** A class, because a server has one for each of ten thousand workloads: its methods are there once. */
export class LearnedHistory {
  readonly #options: LearnedHistoryOptions;
  /** The kinds of followers that are asked for, by key. */
  readonly #kinds = new Map<string, FollowerKind>();
  readonly #renewal: CalendarRenewal;
  readonly #keeping: SnapshotKeeping;
  #learned: Learned;

  constructor(options: LearnedHistoryOptions) {
    this.#options = options;
    this.#learned = begin(options, this.#kinds, 'its end');
    this.#renewal = createCalendarRenewal(options, () => begin(options, this.#kinds, this.#learned.judging));
    this.#keeping = createSnapshotKeeping(options.snapshots, this.#kinds, options);
  }

  /** The forecaster; another one after the clock was ahead and came back, or where a follower had to learn the past. */
  get forecaster(): Forecaster {
    return this.#learned.forecaster;
  }

  /** The events that it knows. */
  get events(): readonly CalendarEvent[] {
    return this.#learned.events;
  }

  get rows(): number {
    return this.#learned.rows;
  }

  get warnings(): readonly string[] {
    return this.#learned.warnings;
  }

  get isCaughtUp(): boolean {
    return this.#learned.isCaughtUp;
  }

  /**
   * Reads the rows that are new and learns them, in slices that leave the event loop free. Until all there was has been learned
   * once, each part waits for its turn, so that a long history lets others in between; a few new rows wait for nobody. Rejects as
   * the source does, and then goes on where it was.
   */
  async read(askedSeconds: number, signal: AbortSignal): Promise<void> {
    const options = this.#options;
    const kinds = this.#kinds;
    const keeping = this.#keeping;
    const restored = this.isCaughtUp ? undefined : await keeping.first(askedSeconds, signal);
    this.#learned = restored ?? this.#learned;
    // What another replica has judged is judged here, too, so that they agree.
    if (this.rows === 0 && keeping.mayDiffer) this.#learned.judging = 'all';
    const atSeconds = restored === undefined ? askedSeconds : Math.max(askedSeconds, options.clock());
    const { newestSeconds, stepSeconds } = this.forecaster;
    // The clock was ahead when these rows were learned, and a forecaster never goes back: it begins anew.
    if (newestSeconds > atSeconds + aheadSteps * stepSeconds) this.#learned = begin(options, kinds, 'all');
    await readAll(this.#learned, options.takeTurn, atSeconds, signal);
    // Events that are others change what is learned of the past; what answers goes on meanwhile.
    this.#learned = (await this.#renewal.next(this.#learned, atSeconds, signal)) ?? this.#learned;
    const missing = [...kinds.keys()].filter((key) => !this.#learned.followers.has(key));
    if (missing.length > 0) {
      // A follower that came later learns the past beside another forecaster, while this one goes on answering.
      const known = await keeping.again(missing, atSeconds, signal);
      if (known === undefined && keeping.isWaitingFor(missing, atSeconds)) return;
      const next = known ?? begin(options, kinds, this.#learned.judging);
      await readAll(next, options.takeTurn, atSeconds, signal);
      if (saysLess(next, this.#learned)) joinLate(this.#learned, kinds, missing);
      else this.#learned = next;
    }
    keeping.keep(this.#learned, atSeconds);
  }

  /** All that was learned by now, for another replica; undefined where nothing was, or before all there was has been learned once. */
  async snapshot(): Promise<Snapshot | undefined> {
    if (!this.isCaughtUp || this.rows === 0) return undefined;
    while (this.#learned.learning !== undefined) await this.#learned.learning;
    return snapshotOf(this.#learned);
  }

  /**
   * Lets a follower learn all of the history, from the beginning. Those who ask with the same key share one. One that is not settled
   * may be asked for only until more is known: after a restart it waits for that, and meanwhile another one stands in for it.
   */
  follow<F extends KeptFollower>(key: string, create: () => F, isSettled = () => true): Following<F> {
    const kind = this.#kinds.get(key) ?? new FollowerKind(create);
    const following = new KeyFollowing<F>(this, key, isSettled);
    kind.holders = kind.holders.concat(following);
    this.#kinds.set(key, kind);
    const { rows, followers } = this.#learned;
    if (rows === 0 && !followers.has(key)) followers.set(key, kind.create());
    return following;
  }

  /** The follower of a key that knows all that was learned, or who stands in for it; undefined while it is learning the past. */
  followerOf(key: string): KeptFollower | undefined {
    const { isCaughtUp, followers, standIns } = this.#learned;
    return isCaughtUp ? (followers.get(key) ?? standIns?.get(key)) : undefined;
  }

  /**
   * Answers what `ask` does once the forecaster has caught up, before that with the state of the history: `failure` is why it
   * cannot be read. While the first history is replayed the forecaster stands somewhere in the past and must not be asked.
   */
  answer<T>(ask: (forecaster: Forecaster) => T, failure: string | undefined): T | Learning {
    return this.isCaughtUp ? ask(this.forecaster) : notCaughtUp(this.#learned, failure);
  }

  /** Lets go of a follower, which learns no more when nobody holds it. */
  letGo(key: string, following: KeyFollowing<KeptFollower>): void {
    const kind = this.#kinds.get(key);
    if (kind?.holders.includes(following) !== true) return;
    kind.holders = kind.holders.filter((other) => other !== following);
    if (kind.holders.length > 0) return;
    this.#kinds.delete(key);
    this.#learned.followers.delete(key);
    this.#learned.standIns?.delete(key);
  }
}

/** A class, as StartingFleet of the controllers is. */
class KeyFollowing<F extends KeptFollower> implements Following<F> {
  readonly isSettled: () => boolean;
  readonly #history: LearnedHistory;
  readonly #key: string;

  constructor(history: LearnedHistory, key: string, isSettled: () => boolean) {
    this.#history = history;
    this.#key = key;
    this.isSettled = isSettled;
  }

  current(): F | undefined {
    return this.#history.followerOf(this.#key) as F | undefined;
  }

  release(): void {
    this.#history.letGo(this.#key, this);
  }
}

function notCaughtUp({ forecaster, rows }: Learned, failure: string | undefined): Learning {
  const message =
    failure === undefined
      ? `its history is being read (${rows} rows so far)`
      : `its history cannot be read: ${failure}`;
  return {
    status: 'learning',
    origin: forecaster.newestSeconds,
    reasons: [{ code: 'history-not-read', message }],
  };
}
