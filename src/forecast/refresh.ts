import type { Clock } from '../platform/clock.ts';
import { type ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { ModelHealth } from './workload-view.ts';

/** What a refresh asks the source for. */
type RefreshPart = 'observed' | 'history';

/** How a refresh ended. */
export interface RefreshOutcome {
  readonly what: RefreshPart;
  readonly seconds: number;
  readonly error: ForescaleError | undefined;
}

export interface RefreshesOptions {
  /** Query and name of the source, for the log. */
  readonly query: string;
  readonly sourceName: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

/** Runs refreshes of a model, times them and remembers the newest failure of each part. */
export interface Refreshes {
  /** Runs `work`. Never rejects: a failure is remembered, logged and reported, except where `signal` was aborted. */
  attempt(what: RefreshPart, signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  /** Remembers that the source answered without data. */
  noteMissing(what: RefreshPart, reason: string, atSeconds: number): void;
  /** Forgets the failure of a part that went well; it says nothing about the other part. */
  noteSuccess(what: RefreshPart): void;
  error(what: RefreshPart): ModelHealth['lastError'];
}

export function createRefreshes(options: RefreshesOptions): Refreshes {
  const { query, sourceName, clock, log, onRefresh } = options;
  const errors: { [W in RefreshPart]?: ModelHealth['lastError'] } = {};
  return {
    async attempt(what, signal, work) {
      const startedSeconds = clock();
      let error: ForescaleError | undefined;
      try {
        await work();
      } catch (thrown) {
        // An aborted refresh has not failed: nobody waits for it any more.
        if (signal.aborted) return;
        error = toForescaleError(thrown);
        const { code, message } = error;
        errors[what] = { code, message, atSeconds: clock() };
        log.warn({ what, query, source: sourceName, code, error: message }, 'refresh-failed');
      }
      onRefresh({ what, seconds: clock() - startedSeconds, error });
    },
    noteMissing: (what, reason, atSeconds) => {
      errors[what] = { code: 'no-data', message: reason, atSeconds };
    },
    noteSuccess: (what) => {
      errors[what] = undefined;
    },
    error: (what) => errors[what],
  };
}
