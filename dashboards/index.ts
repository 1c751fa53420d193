import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { fleet } from './fleet/fleet.ts';
import { forecasts } from './forecasts.ts';
import { telemetryApp } from './telemetry-app.ts';
import { workloadBoard } from './workload/workload.ts';

/** Every dashboard, by the name of its file. Adding one is a file and a line. */
export const dashboards = {
  fleet,
  forecasts,
  forescale: workloadBoard,
  'telemetry-app': telemetryApp,
} as const satisfies Record<string, Dashboard>;

/** Folder of the dashboards as JSON for Grafana, relative to the project root. */
export const dashboardFolder = 'k8s/monitoring/dashboards';

export function dashboardJson(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
