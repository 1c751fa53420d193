/** What reading may cost the source and us. */
export const defaultLimits = {
  /** Some sources refuse to give more than 11,000 points of a series at once. */
  pointsPerRequest: 10_000,
  /** Longest history: four weeks of seconds. */
  pointsPerRange: 2_500_000,
  /** Requests that one range makes at once. */
  requestsPerRange: 2,
  /** Ranges of all callers at once; instant queries never wait for them, because they have sockets of their own. */
  rangesAtOnce: 8,
  /** Instant queries of all callers at once. */
  instantsAtOnce: 32,
  /** One series of 10,000 points is below 0.5 MiB; a larger answer is one that gives too many series, and names them. */
  rangeBytes: 8 * 1024 * 1024,
  instantBytes: 1024 * 1024,
  /** Some ten thousand series with their labels; parsing them takes some 10 ms at once. */
  vectorBytes: 2 * 1024 * 1024,
  rangeRequestTimeoutMs: 30_000,
  instantRequestTimeoutMs: 5_000,
  /** Time for all requests and retries of one range. */
  rangeTimeoutMs: 120_000,
  /** Time for all attempts of one query for every series. */
  vectorTimeoutMs: 60_000,
  /** Time for all attempts of one instant query. */
  instantTimeoutMs: 15_000,
  retries: 3,
  backoffMs: 200,
};

/** Share of what may run at once that one namespace gets at most, so that its slow queries make nobody else wait. */
const namespaceShare = 0.5;

/** How many of `count` that may run at once one namespace gets. */
export function shareOf(count: number): number {
  return Math.max(1, Math.floor(count * namespaceShare));
}

export type SourceLimits = Readonly<typeof defaultLimits>;
