/** Shortest distance of two rows that is accepted as a history of demand. */
export const finestStepSeconds = 1;

/** Limits of what one request may cost. Normal use does not reach them. */
export interface ApiLimits {
  /** Largest request body, bytes: a month of minutes as JSON is about 1 MiB. */
  readonly bodyBytes: number;
  /** Longest request target (path and query string), characters. */
  readonly urlCharacters: number;
  /** Most rows of one history, read or sent, gaps included. */
  readonly historyRows: number;
  /** Most points of one forecast: a week of five-minute steps. */
  readonly forecastPoints: number;
  /** Most steps of the model in one season: four weeks of five-minute steps. */
  readonly seasonSteps: number;
  /** Most workloads listed in one answer. */
  readonly workloadsPerPage: number;
  /** Ad-hoc forecasts at once; one more is refused. Each costs up to a core while it runs. */
  readonly adHocAtOnce: number;
  /** Longest an ad-hoc forecast may take, milliseconds. */
  readonly adHocTimeoutMs: number;
}

export const defaultLimits: ApiLimits = {
  bodyBytes: 2 * 1024 * 1024,
  urlCharacters: 8192,
  historyRows: 100_000,
  forecastPoints: 2016,
  seasonSteps: 8064,
  workloadsPerPage: 1000,
  adHocAtOnce: 2,
  adHocTimeoutMs: 30_000,
};
