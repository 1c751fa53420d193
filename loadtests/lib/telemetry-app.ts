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
 * What is judged of requests over HTTP. The latency is that of good answers: a system that fails fast would otherwise
 * look quick.
 */
export const httpMetrics = {
  latency: 'http_req_duration',
  of: 'expected_response:true',
  failures: 'http_req_failed',
} as const;

/** A request not answered by then has failed; k6's own is a minute. */
const timeout = '10s';

/** Ends the test, with what to do, where the app is not ready; before anything is sent that is counted. */
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

/** What users of the app do: one request through the whole chain. */
export function processOnce(url: string): void {
  const response = http.post(`${url}/process`, '[]', {
    headers: { 'content-type': 'application/json' },
    tags: { name: 'POST /process' },
    timeout,
  });
  check(response, { 'POST /process answers 200': ({ status }) => status === 200 });
}

/** What k6 takes from a script. */
interface K6Script {
  readonly options: Options;
  setup(): void;
  load(): void;
  handleSummary(data: K6Summary): Record<string, string>;
}

/** A whole script: users of the chain come as often as the stages say, and are judged alike. */
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
