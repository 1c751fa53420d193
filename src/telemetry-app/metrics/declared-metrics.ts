/**
 * Every metric of the app besides those of the process, declared once. Probes and scrapes count in none of them, because they
 * are not demand.
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
