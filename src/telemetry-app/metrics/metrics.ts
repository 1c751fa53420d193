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

export interface AppMetricsOptions {
  readonly registry: Registry;
  readonly app: string;
  readonly version: string;
  readonly inFlight: () => number;
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
  const durations = new RequestDurations(durationBuckets);
  new Counter({
    ...declared(registry, 'app_requests_total'),
    collect() {
      this.reset();
      for (const { labels, count } of durations.counted()) this.inc({ app, ...labels }, count);
    },
  });
  registry.registerMetric(durations);
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
    async scrape(accept?: string): Promise<{ contentType: string; body: string }> {
      const format = prefersOpenMetrics(accept) ? asOpenMetrics(registry) : registry;
      return { contentType: format.contentType, body: await format.metrics() };
    },
  };
}

/** Registers prom-client's metrics of the process (CPU, memory, event loop, garbage collection); to be called once per process. */
export function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  for (const name of misnamedProcessMetrics) registry.removeSingleMetric(name);
}

function declared<Name extends keyof typeof appMetrics>(registry: Registry, name: Name) {
  return { name, ...appMetrics[name], registers: [registry] };
}

type Sample = readonly [value: number | undefined, labels?: Readonly<Record<string, string | number>>];

/** Gauges are read when they are scraped. An undefined value is absent. */
function registerGauges({ registry, app, version, capacity, ...read }: AppMetricsOptions): void {
  const gauge = (name: keyof typeof appMetrics, samples: () => readonly Sample[]) => {
    new Gauge<string>({
      ...declared(registry, name),
      collect() {
        this.reset();
        // A gauge without labels is 0 after a reset, not absent.
        if (appMetrics[name].labelNames.length === 0) this.remove();
        for (const [value, labels = {}] of samples()) if (value !== undefined) this.inc(labels, value);
      },
    });
  };
  gauge('http_requests_in_flight', () => [[read.inFlight()]]);
  gauge('app_requests_queued', () => [[capacity?.queued() ?? 0]]);
  gauge('app_capacity_ratio', () => [[read.capacityRatio()]]);
  gauge('app_capacity_requests_per_second', () => [[capacity?.requestsPerSecond()]]);
  gauge('app_capacity_concurrency', () => [[capacity?.concurrency()]]);
  gauge('app_faults_active', () => read.activeFaults().map((fault) => [1, { fault }]));
  gauge('app_build_info', () => [[1, { app, version }]]);
  gauge('app_requests_historical_rate', () =>
    read.history().map(({ daysAgo, hour, rate }) => [rate, { app, days_ago: daysAgo, hour }]),
  );
  // The hours of a day have the same labels here and add up.
  gauge('app_requests_historical_day_requests', () =>
    read.history().map(({ daysAgo, rate }) => [rate * 3600, { app, days_ago: daysAgo }]),
  );
}
