import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Capacity, Rejection } from '../capacity/capacity.ts';
import type { UpstreamOutcome } from '../chain/upstream.ts';
import { appMetrics } from './declared-metrics.ts';
import { asOpenMetrics, prefersOpenMetrics } from './open-metrics.ts';
import { RequestDurations } from './request-durations.ts';
import type { HistoricalHour } from './simulated-history.ts';

/** The registry that the program hands in. Nothing else of the app imports prom-client (docs/adr/0002-prom-client.md). */
export { Registry };

/** Buckets that the OpenTelemetry semantic conventions recommend for HTTP durations, in seconds. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** prom-client gives these gauges names that end in `_total`, which promtool allows for counters only. */
const misnamedProcessMetrics = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Why a request was rejected with 503. */
export type RejectionReason = 'starting' | Rejection['reason'];

/** A scrape's answer. */
export interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

export interface AppMetricsOptions {
  readonly registry: Registry;
  readonly app: string;
  readonly version: string;
  /** Number of requests not yet answered. */
  readonly inFlight: () => number;
  /** Simulated history as of now. */
  readonly history: () => readonly HistoricalHour[];
  /** Undefined: there is no limit. */
  readonly capacity: Capacity | undefined;
  /** Share of the capacity there is now. */
  readonly capacityRatio: () => number;
  /** Names of the faults that are active now. */
  readonly activeFaults: () => readonly string[];
}

export type AppMetrics = ReturnType<typeof createAppMetrics>;

/** Registers the metrics of the app with `registry`. */
export function createAppMetrics(options: AppMetricsOptions) {
  const { registry, app } = options;
  const durations = registerDurations(registry, app);
  const upstreamDurations = new Histogram({
    ...declared(registry, 'http_client_request_duration_seconds'),
    buckets: durationBuckets,
  });
  const upstreamRequests = new Counter(declared(registry, 'app_upstream_requests_total'));
  const rejected = new Counter(declared(registry, 'app_requests_shed_total'));
  registerGauges(options);
  return {
    /** Counts an answered request; an exemplar names its trace where somebody records it. */
    requestFinished: (...request: Parameters<RequestDurations['add']>) => durations.add(...request),
    /** Counts a call of a destination; `status` is null where no whole answer came. */
    upstreamFinished(destination: string, outcome: UpstreamOutcome, status: number | null, seconds: number) {
      upstreamRequests.inc({ app, destination, outcome });
      upstreamDurations.observe({ destination, status: status ?? outcome }, seconds);
    },
    requestRejected: (reason: RejectionReason) => rejected.inc({ app, reason }),
    /** All metrics, in the format that the scraper's Accept header prefers. */
    async scrape(accept?: string): Promise<Exposition> {
      const format = prefersOpenMetrics(accept) ? asOpenMetrics(registry) : registry;
      return { contentType: format.contentType, body: await format.metrics() };
    },
  };
}

/**
 * Registers prom-client's metrics of the process: CPU, memory, event loop, garbage collection. To be called once per
 * process.
 */
export function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  for (const name of misnamedProcessMetrics) registry.removeSingleMetric(name);
}

function declared<Name extends keyof typeof appMetrics>(registry: Registry, name: Name) {
  return { name, ...appMetrics[name], registers: [registry] };
}

/** The histogram of request durations, and the counter of requests, which is read from it. */
function registerDurations(registry: Registry, app: string): RequestDurations {
  const durations = new RequestDurations(durationBuckets);
  new Counter({
    ...declared(registry, 'app_requests_total'),
    collect() {
      this.reset();
      for (const { labels, count } of durations.counted()) this.inc({ app, ...labels }, count);
    },
  });
  registry.registerMetric(durations);
  return durations;
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Gauges are read when they are scraped. */
function registerGauges(options: AppMetricsOptions): void {
  const { registry, app, version, inFlight, history, capacity, capacityRatio, activeFaults } = options;
  const labelled = (name: keyof typeof appMetrics, read: () => readonly Sample[]) => {
    new Gauge<string>({
      ...declared(registry, name),
      collect() {
        this.reset();
        if (appMetrics[name].labelNames.length === 0) this.remove();
        for (const { labels, value } of read()) this.inc(labels, value);
      },
    });
  };
  const gauge = (name: keyof typeof appMetrics, read: () => number | undefined) =>
    labelled(name, () => [read()].flatMap((value) => (value === undefined ? [] : [{ labels: {}, value }])));
  gauge('http_requests_in_flight', inFlight);
  gauge('app_requests_queued', () => capacity?.queued() ?? 0);
  gauge('app_capacity_ratio', capacityRatio);
  gauge('app_capacity_requests_per_second', () => capacity?.requestsPerSecond());
  gauge('app_capacity_concurrency', () => capacity?.concurrency());
  labelled('app_faults_active', () => activeFaults().map((fault) => ({ labels: { fault }, value: 1 })));
  labelled('app_build_info', () => [{ labels: { app, version }, value: 1 }]);
  labelled('app_requests_historical_rate', () =>
    history().map(({ daysAgo, hour, rate }) => ({ labels: { app, days_ago: daysAgo, hour }, value: rate })),
  );
  // The hours of a day have the same labels here and add up.
  labelled('app_requests_historical_day_requests', () =>
    history().map(({ daysAgo, rate }) => ({ labels: { app, days_ago: daysAgo }, value: rate * 3600 })),
  );
}
