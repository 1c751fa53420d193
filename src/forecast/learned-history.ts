import type { HistoryTail } from '../history/tail.ts';
import type { Forecaster, Learning } from './core/index.ts';
import type { TakeTurn } from './first-reads.ts';
import { replay } from './replay.ts';

/** Rows may be this many steps ahead of the clock, which is not exact. */
const aheadSteps = 2;

interface LearnedHistoryOptions {
  readonly createForecaster: () => Forecaster;
  readonly createTail: () => HistoryTail;
  /** Bounds how many histories are read for the first time at once. */
  readonly takeTurn: TakeTurn;
}

/** A forecaster that learns the history of one query as it grows. */
export function createLearnedHistory({ createForecaster, createTail, takeTurn }: LearnedHistoryOptions) {
  let tail = createTail();
  const history = {
    /** The forecaster; another one after the clock was ahead and came back. */
    forecaster: createForecaster(),
    /** Number of rows read so far. */
    rows: 0,
    /** Warnings of the source in its newest answer. */
    warnings: [] as readonly string[],
    /** Whether all the history there was has been learned once. */
    isCaughtUp: false,
    /**
     * Reads the rows that are new and learns them, in slices that leave the event loop free. Until all there was has been learned
     * once, each part waits for its turn, so that a long history lets others in between; a few new rows wait for nobody. Rejects as
     * the source does, and then goes on where it was.
     */
    async read(atSeconds: number, signal: AbortSignal): Promise<void> {
      const { newestSeconds, stepSeconds } = history.forecaster;
      // The clock was ahead when these rows were learned, and a forecaster never goes back: it begins anew.
      if (newestSeconds > atSeconds + aheadSteps * stepSeconds) beginAnew();
      const learn = () => learnPart(atSeconds, signal);
      const warnings = new Set<string>();
      let isComplete = false;
      while (!isComplete) {
        const part = history.isCaughtUp ? await learn() : await takeTurn(learn, signal);
        for (const warning of part.warnings) warnings.add(warning);
        isComplete = part.isComplete;
      }
      history.warnings = [...warnings];
      history.isCaughtUp = true;
    },
    /**
     * Answers what `ask` does once the forecaster has caught up, before that with the state of the history: `failure` is why it
     * cannot be read. While the first history is replayed the forecaster stands somewhere in the past and must not be asked.
     */
    answer<T>(ask: (forecaster: Forecaster) => T, failure: string | undefined): T | Learning {
      const { forecaster } = history;
      if (history.isCaughtUp) return ask(forecaster);
      const message =
        failure === undefined
          ? `its history is being read (${history.rows} rows so far)`
          : `its history cannot be read: ${failure}`;
      return {
        status: 'learning',
        origin: forecaster.newestSeconds,
        reasons: [{ code: 'insufficient-history', message }],
      };
    },
  };

  /** Reads and learns the next part. The rows are let go of before the answer, because it may wait for another turn. */
  async function learnPart(atSeconds: number, signal: AbortSignal) {
    const fresh = await tail.read(atSeconds, signal);
    history.rows += fresh.timestamps.length;
    await replay(history.forecaster, fresh, { signal });
    return { warnings: fresh.warnings, isComplete: fresh.isComplete };
  }

  function beginAnew(): void {
    history.forecaster = createForecaster();
    history.rows = 0;
    history.isCaughtUp = false;
    tail = createTail();
  }

  return history;
}
