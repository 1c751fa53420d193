import { join } from 'node:path';
import { expect } from 'vitest';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import type { ApiServer } from './api-server.ts';
import type { ServeProcess } from './serve-process.ts';
import { apply, applyPrerequisites, mustSucceed } from './server-dry-run.ts';

/** Requests per second, the same every day: a rush begins twenty minutes from now and lasts two hours. */
export const calm = 20;
export const rush = 72;
export const threshold = 10;
/** Lead time of the trigger: long, so that the workload has to be scaled before the rush; the default is two minutes. */
const leadTime = '30m';
const day = 86_400;
export const secretLabel = 'hunter2';
const stepSeconds = 60;

/** A copy of app-a that is scaled by series of our Prometheus-compatible API. */
export const byForecast = 'by-forecast';
/** The series that it is scaled by, in the order of its triggers. */
export const triggeringMetrics = ['forescale_peak', 'forescale_signal'] as const;

interface ScaledObject extends Manifest {
  readonly spec: { readonly triggers: readonly { readonly metadata: Record<string, string> }[] };
}

/**
 * A fortnight of app-a's requests, as a counter, which is what the app has; and as much of the future as Prometheus takes,
 * because nothing is scraped while the test runs.
 */
export async function writeDays({ url }: RunningProgram): Promise<void> {
  const now = Math.floor(Date.now() / 1000 / stepSeconds) * stepSeconds;
  const last = now + 9 * 60;
  const count = (14 * day) / stepSeconds + 1;
  const timestamps = Float64Array.from(
    { length: count },
    (_, index) => last - (count - 1 - index) * stepSeconds,
  );
  let total = 0;
  const values = timestamps.map((seconds) => {
    const sinceRush = (((seconds - now - 20 * 60) % day) + day) % day;
    total += stepSeconds * (sinceRush < 2 * 3600 ? rush : calm);
    return total;
  });
  const labels = { namespace: 'telemetry-app', app: 'app-a' };
  const series = { metric: 'app_requests_total', labels, kind: 'counter' as const, timestamps, values };
  await remoteWrite({ url, series });
}

/**
 * The telemetry app as the overlay for developers has it, its ScaledObject pointing to our process; and a copy of app-a that KEDA's own
 * prometheus trigger scales by what is forecast for app-a.
 */
export async function applyShowcase(server: ApiServer, scaler: ServeProcess): Promise<void> {
  const scalerAddress = `127.0.0.1:${scaler.grpcPort}`;
  const rendered = await mustSucceed(server.kubectl, ['kustomize', join(projectRoot, 'k8s/overlays/dev')]);
  const manifests = parseManifests(rendered);
  await applyPrerequisites(server.kubectl, manifests);
  const kinds = ['ServiceAccount', 'ResourceQuota', 'LimitRange', 'Deployment'];
  const app = manifests.filter(
    ({ kind, metadata }) => kinds.includes(kind) && metadata.namespace === 'telemetry-app',
  );
  expect(app.filter(({ kind }) => kind === 'Deployment')).toHaveLength(3);
  const scaledObject = manifests.find(({ kind }) => kind === 'ScaledObject') as ScaledObject;
  const triggers = scaledObject.spec.triggers.map((trigger) => ({
    ...trigger,
    metadata: { ...trigger.metadata, scalerAddress, leadTime },
  }));
  const withTriggers = (name: string, target: string, triggers: readonly object[]) =>
    ({
      ...scaledObject,
      metadata: { ...scaledObject.metadata, name },
      spec: { ...scaledObject.spec, scaleTargetRef: { name: target }, triggers },
    }) as Manifest;
  const withMetadata = (name: string, target: string, metadata: Record<string, string>) =>
    withTriggers(name, target, [{ type: 'external-push', metadata }]);
  const appA = app.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'app-a');
  await apply(server.kubectl, [...app, ...(appA === undefined ? [] : [copyOf(appA, byForecast)])]);
  // KEDA reads it when it first sees the ScaledObject.
  const query = `DEMAND_QUERY=vector(7) unless ${secretLabel}`;
  await mustSucceed(server.kubectl, ['set', 'env', '--namespace=telemetry-app', 'deployment/app-b', query]);
  await apply(server.kubectl, [
    { ...scaledObject, spec: { ...scaledObject.spec, triggers } } as Manifest,
    withTriggers(
      byForecast,
      byForecast,
      triggeringMetrics.map((metric) => ({
        type: 'prometheus',
        metadata: {
          serverAddress: `${scaler.httpUrl}/prometheus`,
          query: `${metric}{namespace="telemetry-app", workload="app-a"}`,
          threshold: String(threshold),
          ignoreNullValues: 'false',
        },
      })),
    ),
    withMetadata('from-env', 'app-b', { scalerAddress, threshold: '10', queryFromEnv: 'DEMAND_QUERY' }),
    withMetadata('refused', 'app-c', {
      scalerAddress,
      threshold: '10',
      query: 'up',
      prometheusAddress: 'nobody',
    }),
  ]);
}

/** A Deployment under another name, with Pods that only its own selector finds. */
function copyOf(deployment: Manifest, name: string): Manifest {
  const labels = { 'app.kubernetes.io/name': name };
  const { spec } = deployment as Manifest & { readonly spec: { readonly template: object } };
  return {
    ...deployment,
    metadata: { ...deployment.metadata, name, labels },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: { ...spec.template, metadata: { labels } },
    },
  } as Manifest;
}
