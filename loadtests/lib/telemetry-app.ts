import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { openModel } from './open-model.ts';
import { type LoadSettings, readSettings } from './read-settings.ts';
import type { K6Summary } from './report.ts';
import type { ScriptName } from './scripts.ts';
import type { Stages } from './stages.ts';
import { summarize } from './summary.ts';

/**
 * Metrics by which requests over HTTP are judged. The latency is that of good answers, because a system that fails fast would
 * otherwise look quick.
 */
export const httpMetrics = {
  latency: 'http_req_duration',
  of: 'expected_response:true',
  failures: 'http_req_failed',
} as const;

/** Time after which a request without an answer has failed; k6's default is a minute. */
const timeout = '10s';

/** Ends the test with a remedy when the app is not ready. It is called before any request that counts. */
export function expectReady(url: string, remedy: string): void {
  const response = http.get(`${url}/readyz`, {
    tags: { name: 'GET /readyz' },
    timeout,
  });
  if (response.status === 200) return;
  const said = response.status === 0 ? response.error : `status ${response.status}`;
  exec.test.abort(`${url}/readyz did not answer 200 (${said}); ${remedy}`);
}

export const appRemedy = 'start the telemetry app, or set LOAD_URL to where it is';

/** Sends one request through the whole chain, as a user of the app does. */
export function processOnce(url: string): void {
  const response = http.post(`${url}/process`, '[]', {
    headers: { 'content-type': 'application/json' },
    tags: { name: 'POST /process' },
    timeout,
  });
  check(response, { 'POST /process answers 200': ({ status }) => status === 200 });
}

/** The exports of a script that k6 uses. */
interface K6Script {
  readonly options: Options;
  setup(): void;
  load(): void;
  handleSummary(data: K6Summary): Record<string, string>;
}

/** Makes the exports of a script that sends requests through the chain at the rates of its stages. */
export function chainTest(script: ScriptName, stagesOf: (settings: LoadSettings) => Stages): K6Script {
  const settings = readSettings(script, __ENV);
  const stages = stagesOf(settings);
  return {
    options: { ...openModel(settings, stages, httpMetrics), discardResponseBodies: true },
    setup: () => expectReady(settings.url, appRemedy),
    load: () => processOnce(settings.url),
    handleSummary: (data) => summarize(data, { script, settings, stages, env: __ENV }),
  };
}
