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

/** Runs refreshes of a model, times them and remembers the newest failure of each part. */
export function createRefreshes(options: {
  /** Query and name of the source, for the log. */
  readonly query: string;
  readonly sourceName: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}) {
  const { query, sourceName, clock, log, onRefresh } = options;
  const errors: { [W in RefreshPart]?: ModelHealth['lastError'] } = {};
  return {
    /**
     * Runs `work`, whose answer is what was missing, and undefined where it went well. Never rejects: a failure is remembered,
     * logged and reported, except where `signal` was aborted. A part that went well says nothing about the other part.
     */
    async attempt(
      what: RefreshPart,
      signal: AbortSignal,
      work: () => Promise<ModelHealth['lastError']>,
    ): Promise<void> {
      const startedSeconds = clock();
      let error: ForescaleError | undefined;
      try {
        errors[what] = await work();
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
    error: (what: RefreshPart) => errors[what],
  };
}
