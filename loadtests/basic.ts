import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { appRemedy, expectReady, httpMetrics, processOnce } from './lib/telemetry-app.ts';
import { growingStages } from './lib/wanted-load.ts';

const settings = readSettings('basic', __ENV);
const stages = growingStages(settings);

export const options: Options = { ...openModel(settings, stages, httpMetrics), discardResponseBodies: true };

export function setup(): void {
  expectReady(settings.url, appRemedy);
}

export function load(): void {
  processOnce(settings.url);
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'basic', settings, stages, env: __ENV });
}
