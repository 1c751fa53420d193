import type { Timers } from './timers.ts';

export interface ServiceOptions {
  readonly requestsPerSecond: number | undefined;
  /** Number of requests served at once; undefined: any number. */
  readonly concurrency: number | undefined;
  /** Share of the rate and of the concurrency there is now, above 0. */
  readonly factor: () => number;
  readonly timers: Timers;
}

/** A debt below this part of a request is a rounding error. */
const tolerance = 1e-9;

/**
 * Tells when the next request may begin, by the requests being served and by the rate. Turns are computed and not slept for, so
 * a late timer delays an answer but takes nothing from the rate. The debt is the number of begun requests whose time is not used
 * up; at 0 or below the next request may begin.
 */
export function createService({ requestsPerSecond, concurrency: places, factor, timers }: ServiceOptions) {
  let inService = 0;
  let debt = 0;
  let atMs = timers.nowMs();
  let factorThen = factor();
  const perSecond = () => (requestsPerSecond === undefined ? undefined : requestsPerSecond * factor());
  const concurrency = () => (places === undefined ? undefined : Math.max(1, Math.floor(places * factor())));
  const isFull = () => inService >= (concurrency() ?? Number.POSITIVE_INFINITY);
  return {
    /** Requests per second now; undefined: there is no rate. */
    perSecond,
    /** Requests served at once now; undefined: any number. */
    concurrency,
    /** Counts the time that has passed. Time that nobody waited for, or without a free place, is lost; it cannot be saved up. */
    catchUp(isNobodyWaiting: boolean) {
      const nowMs = timers.nowMs();
      const factorNow = factor();
      if (requestsPerSecond !== undefined) {
        const meanFactor = (factorThen + factorNow) / 2;
        debt -= ((nowMs - atMs) / 1000) * requestsPerSecond * meanFactor;
        if (isNobodyWaiting || isFull()) debt = Math.max(debt, 0);
      }
      [atMs, factorThen] = [nowMs, factorNow];
    },
    /** Monotonic time of the last `catchUp`. */
    atMs: () => atMs,
    hasTurn: () => !isFull() && debt <= tolerance,
    begin() {
      inService++;
      if (requestsPerSecond !== undefined) debt += 1;
    },
    end: () => void inService--,
    /** Time until the next turn at the present rate; infinite where no rate decides when it comes. */
    msUntilTurn() {
      const rate = perSecond();
      return rate === undefined || isFull() ? Number.POSITIVE_INFINITY : (debt / rate) * 1000;
    },
    /** Whether the capacity still grows, so that the next turn comes sooner than `msUntilTurn` says. */
    isGrowing: () => factorThen < 1,
  };
}
