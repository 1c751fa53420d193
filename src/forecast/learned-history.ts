import type { HistoryTail } from '../history/tail.ts';
import type { Forecaster, Learning, RowFollower } from './core/index.ts';
import type { TakeTurn } from './first-reads.ts';
import type { Following } from './following.ts';
import { replay } from './replay.ts';

/** Rows may be this many steps ahead of the clock, which is not exact. */
const aheadSteps = 2;

interface LearnedHistoryOptions {
  readonly createForecaster: () => Forecaster;
  readonly createTail: () => HistoryTail;
  /** Bounds how many histories are read for the first time at once. */
  readonly takeTurn: TakeTurn;
}

/** A history as far as it has been learned, by a forecaster and by its followers. */
interface Learned {
  readonly forecaster: Forecaster;
  readonly tail: HistoryTail;
  /** By key. */
  readonly followers: Map<string, RowFollower>;
  /** Number of rows read so far. */
  rows: number;
  /** Warnings of the source in its newest answer. */
  warnings: readonly string[];
  /** Whether all the history there was has been learned once. */
  isCaughtUp: boolean;
}

interface Kind {
  readonly create: () => RowFollower;
  holders: number;
}

/** A forecaster that learns the history of one query as it grows. */
export function createLearnedHistory({ createForecaster, createTail, takeTurn }: LearnedHistoryOptions) {
  /** The kinds of followers that are asked for, by key. */
  const kinds = new Map<string, Kind>();
  let learned = begin();

  function begin(): Learned {
    const begun: Learned = {
      forecaster: createForecaster(),
      tail: createTail(),
      followers: new Map(),
      rows: 0,
      warnings: [],
      isCaughtUp: false,
    };
    for (const [key, { create }] of kinds) begun.followers.set(key, create());
    return begun;
  }

  return {
    /** The forecaster; another one after the clock was ahead and came back, or where a follower had to learn the past. */
    get forecaster() {
      return learned.forecaster;
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
    async read(atSeconds: number, signal: AbortSignal): Promise<void> {
      const { newestSeconds, stepSeconds } = learned.forecaster;
      // The clock was ahead when these rows were learned, and a forecaster never goes back: it begins anew.
      if (newestSeconds > atSeconds + aheadSteps * stepSeconds) learned = begin();
      await readAll(learned, takeTurn, atSeconds, signal);
      if ([...kinds.keys()].every((key) => learned.followers.has(key))) return;
      // A follower that came later learns the past beside another forecaster, while this one goes on answering.
      const next = begin();
      await readAll(next, takeTurn, atSeconds, signal);
      learned = next;
    },
    /** Lets a follower learn all of the history, from the beginning. Those who ask with the same key share one. */
    follow<F extends RowFollower>(key: string, create: () => F): Following<F> {
      const kind = kinds.get(key) ?? { create, holders: 0 };
      kind.holders++;
      kinds.set(key, kind);
      if (learned.rows === 0 && !learned.followers.has(key)) learned.followers.set(key, kind.create());
      return {
        current: () => (learned.isCaughtUp ? (learned.followers.get(key) as F | undefined) : undefined),
        release() {
          if (--kind.holders > 0) return;
          kinds.delete(key);
          learned.followers.delete(key);
        },
      };
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

function notCaughtUp({ forecaster, rows }: Learned, failure: string | undefined): Learning {
  const message =
    failure === undefined
      ? `its history is being read (${rows} rows so far)`
      : `its history cannot be read: ${failure}`;
  return {
    status: 'learning',
    origin: forecaster.newestSeconds,
    reasons: [{ code: 'insufficient-history', message }],
  };
}

async function readAll(
  learned: Learned,
  takeTurn: TakeTurn,
  atSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const learn = () => learnPart(learned, atSeconds, signal);
  const warnings = new Set<string>();
  let isComplete = false;
  while (!isComplete) {
    const part = learned.isCaughtUp ? await learn() : await takeTurn(learn, signal);
    for (const warning of part.warnings) warnings.add(warning);
    isComplete = part.isComplete;
  }
  learned.warnings = [...warnings];
  learned.isCaughtUp = true;
}

/** Reads and learns the next part. The rows are let go of before the answer, because it may wait for another turn. */
async function learnPart(learned: Learned, atSeconds: number, signal: AbortSignal) {
  const { tail, forecaster, followers } = learned;
  const fresh = await tail.read(atSeconds, signal);
  learned.rows += fresh.timestamps.length;
  await replay(forecaster, fresh, { signal, followers: followers.values() });
  return { warnings: fresh.warnings, isComplete: fresh.isComplete };
}
