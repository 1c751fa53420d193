import { Readable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { ApiOptions, WhatIfPlayer } from '../../../src/api/ports.ts';
import { createForecaster, type Forecaster } from '../../../src/forecast/core/index.ts';
import type { ServedSpan, ServiceOutcome } from '../../../src/forecast/outcome.ts';
import { forecastOfPast } from '../../../src/forecast/past-forecast.ts';
import type {
  Decision,
  DemandModelView,
  WorkloadDirectory,
  WorkloadView,
} from '../../../src/forecast/workload-view.ts';
import type { History } from '../../../src/history/source.ts';
import { silentLogger } from '../../../src/platform/log.ts';

/** Tuesday 2026-01-06 09:00 UTC, on the way up to noon. */
export const nowSeconds = 1_767_690_000;
export const stepSeconds = 300;
const daySeconds = 86_400;

/** Requests per second of a shop that is busiest at 14:00 and calmest at 02:00, with a ripple instead of noise. */
export function demandAt(unixSeconds: number): number {
  const phase = (2 * Math.PI * (unixSeconds - 8 * 3600)) / daySeconds;
  return 120 + 80 * Math.sin(phase) + 6 * Math.sin(unixSeconds / 700) + 4 * Math.sin(unixSeconds / 1130);
}

/** Rows of the shop's demand for some days before now. */
export function pastDays(days: number, step = stepSeconds): History {
  const length = (days * daySeconds) / step;
  const timestamps = Float64Array.from({ length }, (_, index) => nowSeconds - (length - 1 - index) * step);
  return { stepSeconds: step, timestamps, values: timestamps.map(demandAt), warnings: [] };
}

/** A forecaster that has learned so many days of the shop's demand. */
export function taught(days: number): Forecaster {
  const forecaster = createForecaster({ stepSeconds });
  const { timestamps, values } = pastDays(days);
  for (const [index, t] of timestamps.entries()) forecaster.observe(t, values[index] ?? Number.NaN);
  return forecaster;
}

/** The same, of which no method can be called without it, as of a class. */
function withItsMethods<T extends object>(of: T): T {
  const bound = Object.entries(of).map(([name, value]: [string, unknown]) => {
    if (typeof value !== 'function') return [name, value];
    function method(this: unknown, ...args: unknown[]): unknown {
      if (this === undefined) throw new TypeError(`${name} was called without its object`);
      return (value as (...args: unknown[]) => unknown).apply(this, args);
    }
    return [name, method];
  });
  return Object.fromEntries(bound) as T;
}

/** A demand model around a forecaster, as the service keeps one. */
export function modelOf(forecaster: Forecaster, overrides: Partial<DemandModelView> = {}): DemandModelView {
  return withItsMethods({
    query: 'sum(rate(shop_requests_total[2m]))',
    source: 'http://prometheus:9090',
    stepSeconds: forecaster.stepSeconds,
    gridSeconds: forecaster.gridSeconds,
    rateWindowSeconds: 120,
    observed: () => ({ value: demandAt(nowSeconds), atSeconds: nowSeconds }),
    events: () => [],
    eventsAhead: (untilSeconds) => forecaster.eventsAhead(untilSeconds),
    forecast: (request) => forecaster.forecast(request),
    forecastOfPast: (request, signal) => forecastOfPast(forecaster, {}, request, signal),
    peak: (request) => forecaster.peak(request),
    accuracy: () => forecaster.accuracy(),
    explain: (request) => forecaster.explain(request),
    history: (from, to) => forecaster.history(from, to),
    newestSeconds: () => forecaster.newestSeconds,
    health: () => ({
      state: 'fresh',
      lastSuccessSeconds: nowSeconds,
      lastError: undefined,
      rows: 2304,
      warnings: [],
    }),
    ...overrides,
  });
}

export const goodDecision: Decision = {
  atSeconds: nowSeconds,
  fresh: true,
  signal: 160,
  active: true,
  observed: 124.5,
  wanted: 158.25,
  predictedPeak: 158.25,
  trust: 1,
  windowSeconds: 420,
  dataAgeSeconds: 0,
  serviceLevel: 0.99,
  askedLevel: 0.99,
  askedFactor: 1,
  margin: 1,
  headroom: 1,
  basis: 'forecast',
  fallbackReasons: [],
};

/** A span of which these shares were short, with so many replicas on average. */
export function servedSpan(
  seconds: number,
  forescale: readonly [shortShare: number, replicas: number],
  reactive: readonly [shortShare: number, replicas: number],
): ServedSpan {
  const served = ([shortShare, replicas]: readonly [number, number]) => ({
    shortSeconds: shortShare * seconds,
    replicaSeconds: replicas * seconds,
  });
  return { seconds, forescale: served(forescale), reactive: served(reactive) };
}

/** A week in which 0.9 % of the time was short, where the reactive rule would have been short for 8 % with fewer replicas. */
export const goodOutcome: ServiceOutcome = {
  untilSeconds: nowSeconds - 60,
  serviceLevel: 0.99,
  askedLevel: 0.972,
  askedFactor: 1,
  headroom: 1.45,
  trust: 1,
  leadTimeSeconds: 120,
  windows: {
    '1h': servedSpan(3_600, [0, 8], [0.05, 7]),
    '1d': servedSpan(86_400, [0.011, 6.5], [0.09, 6]),
    '7d': servedSpan(7 * 86_400, [0.009, 6.4], [0.08, 6]),
  },
  counted: servedSpan(7_200, [0.01, 7], [0.1, 6]),
};

export function workloadOf(model: DemandModelView, overrides: Partial<WorkloadView> = {}): WorkloadView {
  return withItsMethods({
    namespace: 'shop',
    name: 'checkout',
    trigger: 'a1b2c3d4',
    mode: 'active',
    threshold: 20,
    unit: 'requests/s',
    activationThreshold: 0,
    horizonSeconds: 7200,
    model,
    warnings: [],
    decision: () => goodDecision,
    outcome: () => undefined,
    cluster: () => ({
      leadTime: {
        seconds: 150,
        from: 'cluster',
        learned: { p95Seconds: 148.5, starts: 84 },
        warning: undefined,
      },
      hpaTolerance: { up: 0.1, down: 0.1, from: 'default' },
      hasHpa: true,
      replicas: { current: 7, desired: 8, ready: 6, fewest: 1, most: 20, atSeconds: nowSeconds - 30 },
    }),
    asked: () => ({ replica: 'forescale-0', secondsAgo: 12 }),
    ...overrides,
  });
}

export function directoryOf(workloads: readonly WorkloadView[]): WorkloadDirectory {
  return {
    list: () => workloads,
    find: (namespace, name) => workloads.filter((w) => w.namespace === namespace && w.name === name),
  };
}

/** An answer of the right shape that took no time to find. */
export const whatIfAnswer: Awaited<ReturnType<WhatIfPlayer['play']>> = {
  from: nowSeconds - 86_400,
  to: nowSeconds,
  serviceLevel: 0.99,
  policies: [],
  verdict: { reactiveReplicaHours: 100, savedShare: 0.1, recommendation: 'turn-on' },
  worstWindows: [],
  warnings: [],
};

function metricsText(text: string) {
  return { contentType: 'text/plain; version=0.0.4; charset=utf-8', body: Readable.from([text]) };
}

/** Options of an API bound to loopback with one learned workload; every part can be replaced. */
export function apiOptions(overrides: Partial<ApiOptions> = {}): ApiOptions {
  return {
    directory: directoryOf([]),
    adHoc: { history: async () => pastDays(1) },
    whatIf: { play: async () => whatIfAnswer },
    ready: () => ({ ready: true, reasons: [] }),
    metrics: { all: () => metricsText('up 1\n'), of: () => metricsText('of_workloads 1\n') },
    boundToLoopback: true,
    log: silentLogger,
    clock: () => nowSeconds,
    version: '1.2.3',
    ...overrides,
  };
}

/** Sends a request and reads the answer as a problem document. */
export async function problemOf(app: ApiInstance, request: string | InjectOptions) {
  const response = await app.inject(request);
  return {
    status: response.statusCode,
    contentType: response.headers['content-type'],
    headers: response.headers,
    ...response.json<{
      code: string;
      detail: string;
      faults: { field: string; value?: string; message: string }[];
    }>(),
  };
}
