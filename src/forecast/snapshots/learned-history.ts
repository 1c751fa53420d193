import type { Clock } from '../../platform/clock.ts';
import type { Forecaster, Learning } from '../core/index.ts';
import type { TakeTurn } from '../first-reads.ts';
import type { Following, KeptFollower } from '../following.ts';
import { createCalendarRenewal } from './calendar-renewal.ts';
import { begin, joinLate, type Learned, type Learners, readAll, snapshotOf } from './learned.ts';
import { saysLess } from './says-less.ts';
import type { Snapshot } from './snapshot.ts';
import { createSnapshotKeeping } from './snapshot-keeping.ts';
import type { SnapshotPlace } from './snapshot-place.ts';

/** Rows may be this many steps ahead of the clock, which is not exact. */
const aheadSteps = 2;

interface LearnedHistoryOptions extends Learners {
  /** Bounds how many histories are read for the first time at once. */
  readonly takeTurn: TakeTurn;
  readonly clock: Clock;
  /** Where what was learned is found and kept; undefined = nowhere. */
  readonly snapshots?: SnapshotPlace | undefined;
  /** A snapshot that is older is not gone on from. */
  readonly mostAgeSeconds: number;
  /** Called when other events were learned, so that the next read can go on with them. */
  readonly onEventsLearned?: (() => void) | undefined;
  /** Says why events of before still count. */
  readonly onEventsRefused: (reason: string) => void;
}

interface Kind {
  readonly create: () => KeptFollower;
  readonly isSettled: () => boolean;
  readonly holders: Set<Holder>;
}

/** Who asked for a kind. */
interface Holder {
  readonly isSettled: () => boolean;
}

/** A forecaster that learns the history of one query as it grows. */
export function createLearnedHistory(options: LearnedHistoryOptions) {
  const { takeTurn } = options;
  /** The kinds of followers that are asked for, by key. */
  const kinds = new Map<string, Kind>();
  let learned = begin(options, kinds, 'its end');
  const renewal = createCalendarRenewal(options.eventsNow, {
    begin: () => begin(options, kinds, learned.judging),
    takeTurn,
    onOver: () => options.onEventsLearned?.(),
    onRefused: options.onEventsRefused,
  });
  const keeping = createSnapshotKeeping(options.snapshots, kinds, options);

  return {
    /** The forecaster; another one after the clock was ahead and came back, or where a follower had to learn the past. */
    get forecaster() {
      return learned.forecaster;
    },
    /** The events that it knows. */
    get events() {
      return learned.events;
    },
    get rows() {
      return learned.rows;
    },
    get warnings() {
      return learned.warnings;
    },
    get isCaughtUp() {
      return learned.isCaughtUp;
    },
    /**
     * Reads the rows that are new and learns them, in slices that leave the event loop free. Until all there was has been learned
     * once, each part waits for its turn, so that a long history lets others in between; a few new rows wait for nobody. Rejects as
     * the source does, and then goes on where it was.
     */
    async read(askedSeconds: number, signal: AbortSignal): Promise<void> {
      const restored = learned.isCaughtUp ? undefined : await keeping.first(askedSeconds, signal);
      learned = restored ?? learned;
      // What another replica has judged is judged here, too, so that they agree.
      if (learned.rows === 0 && keeping.mayDiffer()) learned.judging = 'all';
      const atSeconds = restored === undefined ? askedSeconds : Math.max(askedSeconds, options.clock());
      const { newestSeconds, stepSeconds } = learned.forecaster;
      // The clock was ahead when these rows were learned, and a forecaster never goes back: it begins anew.
      if (newestSeconds > atSeconds + aheadSteps * stepSeconds) learned = begin(options, kinds, 'all');
      await readAll(learned, takeTurn, atSeconds, signal);
      // Events that are others change what is learned of the past; what answers goes on meanwhile.
      learned = (await renewal.next(learned, atSeconds, signal)) ?? learned;
      const missing = [...kinds.keys()].filter((key) => !learned.followers.has(key));
      if (missing.length > 0) {
        // A follower that came later learns the past beside another forecaster, while this one goes on answering.
        const known = await keeping.again(missing, atSeconds, signal);
        if (known === undefined && keeping.isWaitingFor(missing, atSeconds)) return;
        const next = known ?? begin(options, kinds, learned.judging);
        await readAll(next, takeTurn, atSeconds, signal);
        if (saysLess(next, learned)) joinLate(learned, kinds, missing);
        else learned = next;
      }
      keeping.keep(learned, atSeconds);
    },
    /** All that was learned by now, for another replica; undefined where nothing was, or before all there was has been learned once. */
    async snapshot(): Promise<Snapshot | undefined> {
      if (!learned.isCaughtUp || learned.rows === 0) return undefined;
      while (learned.learning !== undefined) await learned.learning;
      return snapshotOf(learned);
    },
    /**
     * Lets a follower learn all of the history, from the beginning. Those who ask with the same key share one. One that is not settled
     * may be asked for only until more is known: after a restart it waits for that, and meanwhile another one stands in for it.
     */
    follow<F extends KeptFollower>(key: string, create: () => F, isSettled = () => true): Following<F> {
      return followed<F>(kinds, () => learned, { key, create, holder: { isSettled } });
    },
    /**
     * Answers what `ask` does once the forecaster has caught up, before that with the state of the history: `failure` is why it
     * cannot be read. While the first history is replayed the forecaster stands somewhere in the past and must not be asked.
     */
    answer<T>(ask: (forecaster: Forecaster) => T, failure: string | undefined): T | Learning {
      return learned.isCaughtUp ? ask(learned.forecaster) : notCaughtUp(learned, failure);
    },
  };
}

function followed<F extends KeptFollower>(
  kinds: Map<string, Kind>,
  now: () => Learned,
  { key, create, holder }: { readonly key: string; readonly create: () => F; readonly holder: Holder },
): Following<F> {
  const kind = kinds.get(key) ?? kindOf(create);
  kind.holders.add(holder);
  kinds.set(key, kind);
  const { rows, followers } = now();
  if (rows === 0 && !followers.has(key)) followers.set(key, kind.create());
  return {
    current() {
      const { isCaughtUp, followers, standIns } = now();
      return isCaughtUp ? ((followers.get(key) ?? standIns.get(key)) as F | undefined) : undefined;
    },
    release() {
      kind.holders.delete(holder);
      if (kind.holders.size > 0) return;
      kinds.delete(key);
      now().followers.delete(key);
      now().standIns.delete(key);
    },
  };
}

function kindOf(create: () => KeptFollower): Kind {
  const holders = new Set<Holder>();
  return { create, holders, isSettled: () => [...holders].some((holder) => holder.isSettled()) };
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
