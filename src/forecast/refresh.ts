import type { Clock } from '../platform/clock.ts';
import { ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { ModelHealth } from './workload-view.ts';

/** What a refresh asks a source for: demand, or what kube-state-metrics say of HPAs and of the starts of pods. */
type RefreshPart = 'observed' | 'history' | 'cluster' | 'starts';

/** How a refresh ended. */
export interface RefreshOutcome {
  readonly what: RefreshPart;
  readonly seconds: number;
  readonly error: ForescaleError | undefined;
}

/** Seconds after which a failure that goes on is logged again. */
const logAgainSeconds = 3_600;

/** Runs refreshes, times them and remembers the newest failure of each part. */
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
  const loggedAt: { [W in RefreshPart]?: number } = {};
  const inARow: { [W in RefreshPart]?: number } = {};

  /** Logs a failure once, and how many there were when the part goes well again, fails otherwise, or an hour has passed. */
  function logOutcome(
    what: RefreshPart,
    before: ModelHealth['lastError'],
    now: ModelHealth['lastError'],
  ): void {
    const failures = inARow[what] ?? 0;
    const who = { what, query, source: sourceName };
    if (now === undefined) {
      if (failures > 0) log.info({ ...who, failures }, 'refresh-recovered');
      inARow[what] = 0;
      return;
    }
    inARow[what] = failures + 1;
    const { code, message: error } = now;
    const isNews = before?.code !== code || now.atSeconds - (loggedAt[what] ?? 0) >= logAgainSeconds;
    if (!isNews) return;
    loggedAt[what] = now.atSeconds;
    log.warn({ ...who, code, error, failures: failures + 1 }, 'refresh-failed');
  }

  return {
    /**
     * Runs `work`, whose answer is what was missing, and undefined where it went well. Never rejects: a failure is remembered,
     * logged and reported, except where `signal` was aborted. A part that went well says nothing about the other part. The failure of
     * `work` is given back, but not what was missing: a source that has no value answers cheaply, and may have one the next moment.
     */
    async attempt(
      what: RefreshPart,
      signal: AbortSignal,
      work: () => Promise<ModelHealth['lastError']>,
    ): Promise<ForescaleError | undefined> {
      const startedSeconds = clock();
      const before = errors[what];
      let error: ForescaleError | undefined;
      let failure: ForescaleError | undefined;
      try {
        errors[what] = await work();
        const missing = errors[what];
        if (missing !== undefined) error = new ForescaleError(missing.code, missing.message);
      } catch (thrown) {
        // An aborted refresh has not failed: nobody waits for it any more.
        if (signal.aborted) return undefined;
        failure = toForescaleError(thrown);
        error = failure;
        const { code, message } = failure;
        errors[what] = { code, message, atSeconds: clock() };
      }
      logOutcome(what, before, errors[what]);
      onRefresh({ what, seconds: clock() - startedSeconds, error });
      return failure;
    },
    error: (what: RefreshPart) => errors[what],
  };
}
