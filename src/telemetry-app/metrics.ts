import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HistoricalHour } from './historical.ts';
import { asOpenMetrics, prefersOpenMetrics } from './open-metrics.ts';
import type { UpstreamOutcome } from './upstream.ts';

/** For whoever hands one in: nothing else of the app imports prom-client (docs/adr/0002-prom-client.md). */
export { Registry };

/** Bounds the OpenTelemetry semantic conventions advise for HTTP durations. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * Every metric of the app besides those of the process. Probes and scrapes are in none: they are no demand.
 */
export const appMetrics = {
  app_requests_total: {
    help: 'Requests answered, by route pattern and status; 499 where the client left before the answer',
    labelNames: ['app', 'method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    help: 'Time from a request to the end of its answer, by route pattern and status',
    labelNames: ['method', 'route', 'status'],
  },
  http_requests_in_flight: { help: 'Requests not yet answered', labelNames: [] },
  http_client_request_duration_seconds: {
    help: 'Time a call of a destination took; status is the HTTP status, or unreachable, timeout, nonsense',
    labelNames: ['destination', 'status'],
  },
  app_upstream_requests_total: {
    help: 'Calls of a destination by outcome: ok, failed (status 400 or above), unreachable, timeout, nonsense',
    labelNames: ['app', 'destination', 'outcome'],
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

const noExemplar = {};

/** prom-client calls these gauges `_total`, which promtool refuses: only counters may end so. */
const misnamedProcessMetrics = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

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
  /** In the format the scraper prefers, by its Accept header. */
  scrape(accept?: string): Promise<Exposition>;
}

/** Beside a bucket of a histogram: one of the requests it counted. */
export interface ExemplarLabels {
  readonly trace_id: string;
  readonly span_id: string;
}

export interface AppMetricsOptions {
  readonly registry: Registry;
  readonly app: string;
  readonly version: string;
  /** Requests not yet answered. */
  readonly inFlight: () => number;
  /** Simulated history as of now. */
  readonly history: () => readonly HistoricalHour[];
}

/** Registers the metrics of the app with `registry`. */
export function createAppMetrics({
  registry,
  app,
  version,
  inFlight,
  history,
}: AppMetricsOptions): AppMetrics {
  const declared = <Name extends keyof typeof appMetrics>(name: Name) => ({
    name,
    help: appMetrics[name].help,
    labelNames: appMetrics[name].labelNames,
    registers: [registry],
  });
  const requests = new Counter(declared('app_requests_total'));
  const seconds = new Histogram({
    ...declared('http_request_duration_seconds'),
    buckets: durationBuckets,
    enableExemplars: true,
    // It refuses to be made for a registry of the text format, which leaves exemplars out by itself.
    registers: [],
  });
  registry.registerMetric(seconds);
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
  new Gauge(declared('app_build_info')).set({ app, version }, 1);
  const rates = new Gauge(declared('app_requests_historical_rate'));
  const dayRequests = new Gauge(declared('app_requests_historical_day_requests'));

  return {
    requestFinished(method, route, status, tookSeconds, exemplar) {
      requests.inc({ app, method, route, status });
      seconds.observe({
        labels: { method, route, status },
        value: tookSeconds,
        // Their types want the labels of the metric here, which are no exemplar's.
        exemplarLabels: (exemplar ?? noExemplar) as object,
      });
    },
    upstreamFinished(destination, outcome, status, tookSeconds) {
      upstreamRequests.inc({ app, destination, outcome });
      upstreamSeconds.observe({ destination, status: status ?? outcome }, tookSeconds);
    },
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

/**
 * Registers what prom-client knows of the process: CPU, memory, event loop, garbage collection. Once per
 * process.
 */
export function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  for (const name of misnamedProcessMetrics) registry.removeSingleMetric(name);
}
