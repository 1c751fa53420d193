import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ShedReason } from '../capacity/admission.ts';
import type { UpstreamOutcome } from '../chain/upstream.ts';
import type { HistoricalHour } from '../historical.ts';
import { asOpenMetrics, prefersOpenMetrics } from './open-metrics.ts';
import { createRouteDurations, histogramSamples, type RouteDurations } from './route-durations.ts';

/** For whoever hands one in: nothing else of the app imports prom-client (docs/adr/0002-prom-client.md). */
export { Registry };

/** Bounds the OpenTelemetry semantic conventions advise for HTTP durations. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Every metric of the app besides those of the process. Probes and scrapes are in none: they are no demand.
 */
export const appMetrics = {
  app_requests_total: {
    help: 'Requests answered, by route pattern and status; 499 where the client left before the answer, 444 where the connection was cut on purpose',
    labelNames: ['app', 'method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    help: 'Time from a request to the end of its answer, by route pattern and status',
    labelNames: ['method', 'route', 'status'],
  },
  http_requests_in_flight: { help: 'Requests not yet answered', labelNames: [] },
  http_client_request_duration_seconds: {
    help: 'Time a call of a destination took; status is the HTTP status, or unreachable, timeout, nonsense, abandoned (the client left)',
    labelNames: ['destination', 'status'],
  },
  app_upstream_requests_total: {
    help: 'Calls of a destination by outcome: ok, failed (status 400 or above), unreachable, timeout, nonsense, abandoned (the client left)',
    labelNames: ['app', 'destination', 'outcome'],
  },
  app_requests_shed_total: {
    help: 'Requests refused with 503 for want of capacity, by reason: starting, queue-full, queue-timeout',
    labelNames: ['app', 'reason'],
  },
  app_requests_queued: { help: 'Requests that wait for their turn', labelNames: [] },
  app_capacity_ratio: {
    help: 'Share of its capacity the app has now: 0 while starting, below 1 while warming up or with the fault capacityRatio',
    labelNames: [],
  },
  app_capacity_requests_per_second: {
    help: 'Requests per second the app can serve now; absent without APP_CAPACITY_RPS',
    labelNames: [],
  },
  app_capacity_concurrency: {
    help: 'Requests the app can serve at once now; absent without APP_CAPACITY_CONCURRENCY',
    labelNames: [],
  },
  app_faults_active: {
    help: 'Faults ordered at run time: 1 for each that is active now',
    labelNames: ['fault'],
  },
  app_build_info: { help: 'Always 1; the version is a label', labelNames: ['app', 'version'] },
  app_requests_historical_rate: {
    help: 'Simulated history: mean requests per second of an hour (UTC) of the last seven complete days',
    labelNames: ['app', 'days_ago', 'hour'],
  },
  app_requests_historical_day_requests: {
    help: 'Simulated history: requests in one of the last seven complete days',
    labelNames: ['app', 'days_ago'],
  },
} as const satisfies Record<string, { help: string; labelNames: readonly string[] }>;

/** prom-client calls these gauges `_total`, which promtool refuses: only counters may end so. */
const misnamedProcessMetrics = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Gauges that are read when they are scraped; undefined: no sample. */
export type CapacityReadings = Readonly<
  Record<
    | 'app_requests_queued'
    | 'app_capacity_ratio'
    | 'app_capacity_requests_per_second'
    | 'app_capacity_concurrency',
    () => number | undefined
  >
>;

export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

export interface AppMetrics {
  /** `exemplar` names the trace of the request where somebody records it. */
  requestFinished(
    method: string,
    route: string,
    status: number,
    seconds: number,
    exemplar?: ExemplarLabels,
  ): void;
  upstreamFinished(
    destination: string,
    outcome: UpstreamOutcome,
    status: number | null,
    seconds: number,
  ): void;
  requestShed(reason: ShedReason): void;
  /** In the format the scraper prefers, by its Accept header. */
  scrape(accept?: string): Promise<Exposition>;
}

/** Beside a bucket of a histogram: one of the requests it counted. */
export type ExemplarLabels = {
  readonly trace_id: string;
  readonly span_id: string;
};

export interface AppMetricsOptions {
  readonly registry: Registry;
  readonly app: string;
  readonly version: string;
  /** Requests not yet answered. */
  readonly inFlight: () => number;
  /** Simulated history as of now. */
  readonly history: () => readonly HistoricalHour[];
  readonly capacity: CapacityReadings;
  /** Names of the faults that are active now. */
  readonly activeFaults: () => readonly string[];
}

/** Registers the metrics of the app with `registry`. */
export function createAppMetrics({
  registry,
  app,
  version,
  inFlight,
  history,
  capacity,
  activeFaults,
}: AppMetricsOptions): AppMetrics {
  const declared = <Name extends keyof typeof appMetrics>(name: Name) => ({
    name,
    help: appMetrics[name].help,
    labelNames: appMetrics[name].labelNames,
    registers: [registry],
  });
  const durations = createRouteDurations(durationBuckets);
  new Counter({
    ...declared('app_requests_total'),
    collect() {
      this.reset();
      for (const { labels, count } of durations.series()) this.inc({ app, ...labels }, count);
    },
  });
  registerDurations(registry, declared('http_request_duration_seconds'), durations);
  const upstreamSeconds = new Histogram({
    ...declared('http_client_request_duration_seconds'),
    buckets: durationBuckets,
  });
  const upstreamRequests = new Counter(declared('app_upstream_requests_total'));
  new Gauge({
    ...declared('http_requests_in_flight'),
    collect() {
      this.set(inFlight());
    },
  });
  const shed = new Counter(declared('app_requests_shed_total'));
  for (const [name, read] of Object.entries(capacity)) {
    new Gauge({
      ...declared(name as keyof CapacityReadings),
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }
  new Gauge({
    ...declared('app_faults_active'),
    collect() {
      this.reset();
      for (const fault of activeFaults()) this.set({ fault }, 1);
    },
  });
  new Gauge(declared('app_build_info')).set({ app, version }, 1);
  const rates = new Gauge(declared('app_requests_historical_rate'));
  const dayRequests = new Gauge(declared('app_requests_historical_day_requests'));

  return {
    requestFinished(method, route, status, seconds, exemplar) {
      const look =
        exemplar === undefined
          ? undefined
          : { labelSet: exemplar, value: seconds, timestamp: Date.now() / 1000 };
      durations.observe(method, route, status, seconds, look);
    },
    upstreamFinished(destination, outcome, status, tookSeconds) {
      upstreamRequests.inc({ app, destination, outcome });
      upstreamSeconds.observe({ destination, status: status ?? outcome }, tookSeconds);
    },
    requestShed: (reason) => shed.inc({ app, reason }),
    async scrape(accept) {
      dayRequests.reset();
      for (const { daysAgo, hour, rate } of history()) {
        rates.set({ app, days_ago: daysAgo, hour }, rate);
        dayRequests.inc({ app, days_ago: daysAgo }, rate * 3600);
      }
      const format = prefersOpenMetrics(accept) ? asOpenMetrics(registry) : registry;
      return { contentType: format.contentType, body: await format.metrics() };
    },
  };
}

/** Durations that are counted elsewhere, as the histogram they are. */
function registerDurations(
  registry: Registry,
  declared: { readonly name: string; readonly help: string; readonly labelNames: readonly string[] },
  durations: RouteDurations,
): void {
  const described = { ...declared, type: 'histogram', aggregator: 'sum' };
  const histogram = {
    ...described,
    get: async () => ({ ...described, values: histogramSamples(declared.name, durations) }),
    reset() {},
  };
  // A registry asks its metrics for no more than this; its type lists the classes of prom-client instead.
  registry.registerMetric(histogram as unknown as Histogram);
}

/**
 * Registers what prom-client knows of the process: CPU, memory, event loop, garbage collection. Once per
 * process.
 */
export function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  for (const name of misnamedProcessMetrics) registry.removeSingleMetric(name);
}
