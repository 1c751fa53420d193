import type { Timers } from './timers.ts';

export interface PaceOptions {
  readonly requestsPerSecond: number | undefined;
  /** Share of the rate there is now, above 0. */
  readonly factor: () => number;
  readonly timers: Timers;
}

/** A debt below this part of a request is a rounding error. */
const tolerance = 1e-9;

export type Pace = ReturnType<typeof createPace>;

/**
 * The rate at which turns are given; without a rate every turn is due at once. Turns are computed and not slept for, so a late
 * timer delays an answer but takes nothing from the rate. The debt is the number of begun requests whose time is not used up; at
 * 0 or below the next request may begin.
 */
export function createPace({ requestsPerSecond, factor, timers }: PaceOptions) {
  let debt = 0;
  let atMs = timers.nowMs();
  let factorThen = factor();
  const perSecond = () => (requestsPerSecond === undefined ? undefined : requestsPerSecond * factor());
  return {
    /** Requests per second now; undefined: there is no rate. */
    perSecond,
    /** Counts the time that has passed. Time that nobody waited for (`isUnused`) is lost; it cannot be saved up. */
    catchUp(isUnused: boolean) {
      const nowMs = timers.nowMs();
      const factorNow = factor();
      if (requestsPerSecond !== undefined) {
        const meanFactor = (factorThen + factorNow) / 2;
        debt -= ((nowMs - atMs) / 1000) * requestsPerSecond * meanFactor;
        if (isUnused) debt = Math.max(debt, 0);
      }
      [atMs, factorThen] = [nowMs, factorNow];
    },
    /** Monotonic time of the last `catchUp`. */
    atMs: () => atMs,
    /** Whether the next turn may be given. */
    isDue: () => debt <= tolerance,
    /** Uses up the time of one turn. */
    take() {
      if (requestsPerSecond !== undefined) debt += 1;
    },
    /** Time until the next turn is due at the present rate; infinite without a rate. */
    msUntilDue() {
      const rate = perSecond();
      return rate === undefined ? Number.POSITIVE_INFINITY : (debt / rate) * 1000;
    },
    /** Whether the rate still grows, so that the next turn is due sooner than `msUntilDue` says. */
    isGrowing: () => factorThen < 1,
  };
}
