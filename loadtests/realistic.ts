import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { openModel } from './lib/open-model.ts';
import { readSettings } from './lib/read-settings.ts';
import type { K6Summary } from './lib/report.ts';
import { summarize } from './lib/summary.ts';
import { appRemedy, expectReady, httpMetrics, processOnce } from './lib/telemetry-app.ts';
import { weekOf } from './lib/wanted-load.ts';
import { isWeekend, weekdayAt } from './lib/week.ts';

const settings = readSettings('realistic', __ENV);
const { daySeconds, fromSeconds, seconds, stages } = weekOf(settings);
const parts = daysOf().map((part) => `part:${part}`);

export const options: Options = {
  ...openModel(settings, stages, { ...httpMetrics, parts }),
  discardResponseBodies: true,
};

export function setup(): void {
  expectReady(settings.url, appRemedy);
}

/** Sends one request. Its samples have the simulated day and hour as tags, so that weekdays can be compared in Prometheus. */
export function load(): void {
  const simulated = fromSeconds + exec.scenario.progress * seconds;
  const day = weekdayAt(simulated, daySeconds);
  const hour = Math.floor((simulated % daySeconds) / (daySeconds / 24));
  Object.assign(exec.vu.metrics.tags, { day, hour: String(hour), part: partOf(day) });
  processOnce(settings.url);
}

function partOf(day: ReturnType<typeof weekdayAt>): 'weekday' | 'weekend' {
  return isWeekend(day) ? 'weekend' : 'weekday';
}

/** The kinds of day that the run contains. */
function daysOf(): string[] {
  const hours = Math.ceil(settings.days * 24);
  const days = Array.from({ length: hours }, (_, hour) =>
    partOf(weekdayAt(fromSeconds + (hour / 24) * daySeconds, daySeconds)),
  );
  return [...new Set(days)];
}

export function handleSummary(data: K6Summary): Record<string, string> {
  return summarize(data, { script: 'realistic', settings, stages, env: __ENV });
}
