/** Shortest distance of two rows that is accepted as a history of demand. */
export const finestStepSeconds = 1;

/** Limits of what one request may cost. Normal use does not reach them. */
export const defaultLimits = {
  /** Largest request body, bytes: a month of minutes as JSON is about 1 MiB. */
  bodyBytes: 2 * 1024 * 1024,
  /** Largest answer, bytes. The metrics are written as a stream, which nobody holds as a whole. */
  answerBytes: 1024 * 1024,
  /** Connections at once; one more is closed. */
  connections: 1000,
  /** Longest request target (path and query string), characters. */
  urlCharacters: 8192,
  /** Most rows of one history, read or sent, gaps included. */
  historyRows: 100_000,
  /** Most points of one forecast: a week of five-minute steps. */
  forecastPoints: 2016,
  /** Characters of answers about forecasts that are kept together, as they were written, until something new is known. */
  keptCharacters: 16 * 1024 * 1024,
  /** Forecasts of the past that wait for their turn; one more is refused. Each costs up to a second of a core. */
  pastForecastsWaiting: 4,
  /** Answers with metrics that are written at once; one more is refused. Each reads every workload. */
  scrapesAtOnce: 8,
  /** Longest that one is written, milliseconds: who takes it by single bytes would keep Prometheus from getting its own. */
  scrapeTimeoutMs: 60_000,
  /** Most workloads whose metrics one request names. */
  workloadsPerScrape: 100,
  /** Streams of server-sent events that are open at once. */
  streams: 250,
  /** Bytes that a stream keeps for a client that reads slowly, before it is cut off. */
  streamBytes: 512 * 1024,
  /** Bytes that all streams keep together; where many are open, each keeps its share. */
  streamBytesTogether: 32 * 1024 * 1024,
  /** How often workloads are looked at while a stream is open, and how often a stream says that it is open, milliseconds. */
  streamLookMs: 1_000,
  streamHeartbeatMs: 15_000,
  /** Most steps of the model in one season: four weeks of five-minute steps. */
  seasonSteps: 8064,
  /** Most workloads listed in one answer. */
  workloadsPerPage: 1000,
  /** Most decisions in one answer. */
  decisionsPerPage: 1000,
  /** Ad-hoc forecasts at once; one more is refused. Each costs up to a core while it runs. */
  adHocAtOnce: 2,
  /** Longest an ad-hoc forecast may take, milliseconds. */
  adHocTimeoutMs: 30_000,
  /** What-ifs that are played at once, and that wait for their turn; one more is refused. Each costs a core for up to ten seconds. */
  whatIfsAtOnce: 1,
  whatIfsWaiting: 2,
  /** Longest a what-if may take with its wait, milliseconds. */
  whatIfTimeoutMs: 60_000,
  /** Longest PromQL, characters: a longer one could hold the event loop while it is read. */
  queryCharacters: 4096,
  /** Most points of one series in the answer to a range query, as in Prometheus. */
  queryPoints: 11_000,
  /** Most values that one query may look at. */
  querySamples: 2_000_000,
  /** Queries that are answered at once, and that wait for their turn; one more is refused. */
  queriesAtOnce: 4,
  queriesWaiting: 100,
  /** Longest a query may take, milliseconds; its own `timeout` can be shorter. */
  queryTimeoutMs: 10_000,
};

export type ApiLimits = Readonly<typeof defaultLimits>;
