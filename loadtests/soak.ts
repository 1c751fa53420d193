import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { appRemedy, expectReady, httpMetrics, processOnce } from './lib/telemetry-app.ts';
import { steadyStages } from './lib/wanted-load.ts';

const settings = readSettings('soak', __ENV);
const stages = steadyStages(settings);
/** Tags of the thirds of a run. They are judged separately, because a leak makes the last third slower than the first. */
const thirds = ['first', 'second', 'last'] as const;

export const options: Options = {
  ...openModel(settings, stages, { ...httpMetrics, parts: thirds.map((third) => `third:${third}`) }),
  discardResponseBodies: true,
};

export function setup(): void {
  expectReady(settings.url, appRemedy);
}

export function load(): void {
  exec.vu.metrics.tags['third'] = thirds[Math.floor(exec.scenario.progress * 3)] ?? 'last';
  processOnce(settings.url);
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'soak', settings, stages, env: __ENV });
}
