/** What reading may cost the source and us. */
export interface SourceLimits {
  /** Some sources refuse to give more than 11,000 points of a series at once. */
  readonly pointsPerRequest: number;
  /** Longest history: four weeks of seconds. */
  readonly pointsPerRange: number;
  /** Requests that one range makes at once. */
  readonly requestsPerRange: number;
  /** Ranges of all callers at once; instant queries never wait for them. */
  readonly rangesAtOnce: number;
  /** One series of 10,000 points is below 0.5 MiB; a larger answer is one that gives too many series, and names them. */
  readonly rangeBytes: number;
  readonly instantBytes: number;
  readonly rangeRequestTimeoutMs: number;
  readonly instantRequestTimeoutMs: number;
  /** Time for all requests and retries of one range. */
  readonly rangeTimeoutMs: number;
  /** Time for all attempts of one instant query. */
  readonly instantTimeoutMs: number;
  readonly retries: number;
  readonly backoffMs: number;
}

export const defaultLimits: SourceLimits = {
  pointsPerRequest: 10_000,
  pointsPerRange: 2_500_000,
  requestsPerRange: 2,
  rangesAtOnce: 8,
  rangeBytes: 8 * 1024 * 1024,
  instantBytes: 1024 * 1024,
  rangeRequestTimeoutMs: 30_000,
  instantRequestTimeoutMs: 5_000,
  rangeTimeoutMs: 120_000,
  instantTimeoutMs: 15_000,
  retries: 3,
  backoffMs: 200,
};
