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

interface RefreshesOptions {
  /** Query and name of the source, for the log. */
  readonly query: string;
  readonly sourceName: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

/** How a part stands whose refreshes have failed. */
interface Standing {
  error: ModelHealth['lastError'];
  loggedSeconds: number;
  failuresInARow: number;
}

/** Runs refreshes, times them and remembers the newest failure of each part. */
export function createRefreshes(options: RefreshesOptions): Refreshes {
  return new Refreshes(options);
}

/** A class, as StartingFleet of the controllers is: each model has one. */
export class Refreshes {
  readonly #options: RefreshesOptions;
  /** Of parts that failed at some time; most never do. */
  #standings: Map<RefreshPart, Standing> | undefined;

  constructor(options: RefreshesOptions) {
    this.#options = options;
  }

  error(what: RefreshPart): ModelHealth['lastError'] {
    return this.#standings?.get(what)?.error;
  }

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
    const { clock, onRefresh } = this.#options;
    const startedSeconds = clock();
    let error: ForescaleError | undefined;
    let failure: ForescaleError | undefined;
    try {
      const missing = await work();
      this.#note(what, missing);
      if (missing !== undefined) error = new ForescaleError(missing.code, missing.message);
    } catch (thrown) {
      // An aborted refresh has not failed: nobody waits for it any more.
      if (signal.aborted) return undefined;
      failure = toForescaleError(thrown);
      error = failure;
      const { code, message } = failure;
      this.#note(what, { code, message, atSeconds: clock() });
    }
    onRefresh({ what, seconds: clock() - startedSeconds, error });
    return failure;
  }

  /** Remembers a failure, and logs it once, and how many there were when the part goes well again, fails otherwise, or an hour has passed. */
  #note(what: RefreshPart, now: ModelHealth['lastError']): void {
    const { query, sourceName, log } = this.#options;
    const who = { what, query, source: sourceName };
    const standing = this.#standings?.get(what);
    if (now === undefined) {
      if (standing === undefined) return;
      if (standing.failuresInARow > 0)
        log.info({ ...who, failures: standing.failuresInARow }, 'refresh-recovered');
      standing.failuresInARow = 0;
      standing.error = undefined;
      return;
    }
    const { error: before, loggedSeconds = 0, failuresInARow = 0 } = standing ?? {};
    const failures = failuresInARow + 1;
    const { code, message: error } = now;
    const isNews = before?.code !== code || now.atSeconds - loggedSeconds >= logAgainSeconds;
    this.#standings ??= new Map();
    this.#standings.set(what, {
      error: now,
      loggedSeconds: isNews ? now.atSeconds : loggedSeconds,
      failuresInARow: failures,
    });
    if (isNews) log.warn({ ...who, code, error, failures }, 'refresh-failed');
  }
}
