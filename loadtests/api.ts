import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { expectReady, httpMetrics } from './lib/telemetry-app.ts';
import { steadyStages } from './lib/wanted-load.ts';

interface Route {
  readonly name: string;
  readonly path: (workload: string) => string;
  /** Text that a good answer contains, besides its status 200. */
  readonly says: string;
  readonly holds: (answer: Answer) => boolean;
}

/** The fields of an answer that the checks read. */
interface Answer {
  readonly mode?: string;
  readonly total?: number;
  readonly state?: string;
  readonly status?: string;
  readonly summary?: string;
  readonly timestamps?: readonly number[];
  readonly values?: readonly number[];
  readonly horizons?: readonly unknown[];
  readonly points?: readonly { readonly t: number; readonly median: number; readonly quantiles: object }[];
}

/** The routes that are called in turn, one by each arrival. */
const routes: readonly Route[] = [
  {
    name: 'status',
    path: () => '/api/v1/status',
    says: 'the mode',
    holds: ({ mode }) => mode === 'active' || mode === 'reactive',
  },
  {
    name: 'workloads',
    path: () => '/api/v1/workloads?limit=10',
    says: 'a workload',
    holds: ({ total = 0 }) => total > 0,
  },
  { name: 'workload', path: (base) => base, says: 'its state', holds: ({ state = '' }) => state !== '' },
  {
    name: 'forecast',
    path: (base) => `${base}/forecast?horizon=2h&quantiles=0.5,0.95`,
    says: 'points with numbers, or that it is learning',
    holds: isForecast,
  },
  {
    name: 'history',
    path: (base) => `${base}/history?range=6h`,
    says: 'a value for every time',
    holds: ({ timestamps = [], values }) => timestamps.length === values?.length,
  },
  {
    name: 'accuracy',
    path: (base) => `${base}/accuracy`,
    says: 'horizons',
    holds: ({ horizons }) => Array.isArray(horizons),
  },
  {
    name: 'outcome',
    path: (base) => `${base}/outcome`,
    says: 'a sentence',
    holds: ({ summary = '' }) => summary !== '',
  },
  {
    name: 'explain',
    path: (base) => `${base}/explain`,
    says: 'a sentence',
    holds: ({ summary = '' }) => summary !== '',
  },
];

const settings = readSettings('api', __ENV);
const stages = steadyStages(settings);

export const options: Options = openModel(settings, stages, {
  ...httpMetrics,
  parts: routes.map(({ name }) => `name:${name}`),
});

/** Resolves the API path of the workload that the routes are about. */
export function setup(): string {
  const { apiUrl, workload } = settings;
  expectReady(apiUrl, 'start forescale serve, or set LOAD_API_URL to its HTTP address');
  const listed = http.get(`${apiUrl}/api/v1/workloads?limit=1`, { tags: { name: 'workloads' } });
  const [first] = (listed.json() as { workloads: { namespace: string; name: string }[] }).workloads;
  if (workload === undefined && first === undefined) {
    exec.test.abort(
      `${apiUrl} has no workload; point a ScaledObject at it, declare one in its configuration, or run the scaler test first`,
    );
  }
  return `/api/v1/workloads/${workload ?? `${first?.namespace}/${first?.name}`}`;
}

export function load(base: string): void {
  const route = routes[exec.scenario.iterationInTest % routes.length];
  if (route === undefined) return;
  const { name, path, says, holds } = route;
  const response = http.get(`${settings.apiUrl}${path(base)}`, { tags: { name } });
  check(response, {
    [`${name} answers 200`]: ({ status }) => status === 200,
    [`${name} has ${says}`]: ({ body }) => holds(parse(body)),
  });
}

function parse(body: unknown): Answer {
  try {
    return JSON.parse(String(body)) as Answer;
  } catch {
    return {};
  }
}

function isForecast({ status, points = [] }: Answer): boolean {
  if (status === 'learning') return true;
  const isPoint = ({ t, median, quantiles }: (typeof points)[number]) =>
    [t, median, ...Object.values(quantiles)].every(Number.isFinite);
  return status === 'ok' && points.length > 0 && points.every(isPoint);
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'api', settings, stages, env: __ENV });
}
