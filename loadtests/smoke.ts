import { check } from 'k6';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { appRemedy, expectReady, httpMetrics } from './lib/telemetry-app.ts';
import { steadyStages } from './lib/wanted-load.ts';

const settings = readSettings('smoke', __ENV);
const stages = steadyStages(settings);
const routes = ['GET /', 'POST /process', 'GET /healthz', 'GET /readyz', 'GET /metrics'];

export const options: Options = openModel(settings, stages, {
  ...httpMetrics,
  parts: routes.map((route) => `name:${route}`),
});

export function setup(): void {
  expectReady(settings.url, appRemedy);
}

export function load(): void {
  const { url } = settings;
  const get = (path: string) => http.get(`${url}${path}`, { tags: { name: `GET ${path}` } });
  const process = http.post(`${url}/process`, '[]', {
    headers: { 'content-type': 'application/json' },
    tags: { name: 'POST /process' },
  });
  check(process, {
    'POST /process answers 200': ({ status }) => status === 200,
    'POST /process answers JSON that is not empty': ({ body }) => isFullJson(body),
  });
  check(get('/'), { 'GET / answers 200': ({ status }) => status === 200 });
  check(get('/healthz'), { 'GET /healthz answers 200': ({ status }) => status === 200 });
  check(get('/readyz'), { 'GET /readyz answers 200': ({ status }) => status === 200 });
  check(get('/metrics'), {
    'GET /metrics counts requests': ({ body }) => String(body).includes('\napp_requests_total{'),
  });
}

/** Whether a body is a non-empty array or object in JSON, as a chain and a call tree are. */
function isFullJson(body: unknown): boolean {
  try {
    const answer: unknown = JSON.parse(String(body));
    return typeof answer === 'object' && answer !== null && Object.keys(answer).length > 0;
  } catch {
    return false;
  }
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'smoke', settings, stages, env: __ENV });
}
