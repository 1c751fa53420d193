import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromEnvironment } from '../../src/platform/secrets/from-environment.ts';
import { remoteWrite } from '../../src/seed/remote-write.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import type { RunningProgram } from '../../tools/programs/server-process.ts';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import { hasOpenssl, selfSigned, signedBy } from '../support/certificates.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { startClusterExporter } from './cluster-exporter.ts';
import { startControllerManager } from './controller-manager.ts';
import { type KedaRelease, kedaPrograms, kedaReleases, type RunningKeda, startKeda } from './keda.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { type ServeProcess, startServeProcess } from './serve-process.ts';
import { apply, applyPrerequisites, mustSucceed } from './server-dry-run.ts';

const missing =
  (await whyNotInstalled([...apiServerPrograms, 'kube-controller-manager'])) ??
  (await whyMissing('prometheus')) ??
  (hasOpenssl ? undefined : 'this machine has no openssl');
const releases = await Promise.all(
  kedaReleases.map(async (release) => ({
    release,
    missing: missing ?? (await whyNotInstalled(Object.values(kedaPrograms(release)))),
  })),
);
const patienceMs = 300_000;

/** Requests per second, the same every day: a rush begins twenty minutes from now and lasts two hours. */
const calm = 20;
const rush = 72;
const threshold = 10;
/** Lead time of the trigger: long, so that the workload has to be scaled before the rush; the default is two minutes. */
const leadTime = '30m';
const day = 86_400;
const secretLabel = 'hunter2';
const polling = { interval: 500, timeout: 120_000 };
const stepSeconds = 60;

interface ScaledObject extends Manifest {
  readonly spec: { readonly triggers: readonly { readonly metadata: Record<string, string> }[] };
}
interface Autoscaler {
  readonly spec: object;
  readonly status: { readonly desiredReplicas: number };
}

for (const { release, missing } of releases) {
  const title = `a real KEDA (${release}) and a real autoscaler${skippedNote(missing)}`;
  describe.skipIf(missing)(title, { timeout: patienceMs }, () => playsKeda(release));
}

function playsKeda(release: KedaRelease): void {
  let folder: string;
  const started: { stop(): Promise<void> }[] = [];
  const opened = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const program = await starting;
    started.push(program);
    return program;
  };
  let server: ApiServer;
  let keda: RunningKeda;
  let scaler: ServeProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    const authority = selfSigned(folder, 'authority');
    const frontProxy = { authorityFile: authority.certFile, ...signedBy(authority, folder, 'front-proxy') };
    const prometheus = await opened(startPrometheus({ env: process.env }));
    await writeDays(prometheus);
    scaler = await opened(startServeProcess(prometheus.url));
    server = await opened(startApiServer({ frontProxy }));
    keda = await opened(startKeda(server, authority, folder, release));
    await opened(startControllerManager(server));
    await applyShowcase(server, `127.0.0.1:${scaler.grpcPort}`);
  }, patienceMs);
  afterAll(async () => {
    for (const program of started.reverse()) await program.stop();
    rmSync(folder, { recursive: true });
  });

  async function get<T>(...what: readonly string[]): Promise<T> {
    const args = ['get', '--namespace=telemetry-app', '--output=json', ...what];
    return JSON.parse(await mustSucceed(server.kubectl, args)) as T;
  }

  async function conditionsOf(name: string): Promise<Record<string, string>> {
    const { status } = await get<{ status: { conditions: { type: string; status: string }[] } }>(
      'scaledobject',
      name,
    );
    return Object.fromEntries(status.conditions.map((condition) => [condition.type, condition.status]));
  }

  it('takes the ScaledObject of the showcase: Ready and Active, by what the scaler says', async () => {
    await expect.poll(() => conditionsOf('app-a'), polling).toMatchObject({ Ready: 'True', Active: 'True' });
    expect(await conditionsOf('app-a')).not.toMatchObject({ Fallback: 'True' });
  });

  it('pushes, and takes a query from the environment of the pods, as KEDA resolves it, and shows it to nobody', async () => {
    const of = `${scaler.httpUrl}/api/v1/workloads/telemetry-app/from-env`;
    const told = async () =>
      JSON.parse(await (await fetch(of)).text()) as { query?: string; signal?: number };
    await expect.poll(told, polling).toMatchObject({ query: fromEnvironment, decision: { fresh: true } });
    expect(scaler.output()).not.toContain(secretLabel);
    await expect
      .poll(() => conditionsOf('from-env'), polling)
      .toMatchObject({ Ready: 'True', Active: 'True' });
  });

  it('says as an Event on the ScaledObject, in our words, why its trigger has no value', async () => {
    const selector = '--field-selector=involvedObject.name=refused';
    const said = async () => {
      const { items } = await get<{ items: { reason: string; message: string }[] }>('events', selector);
      return items.map(({ reason, message }) => `${reason}: ${message}`).join('\n');
    };
    await expect.poll(said, polling).toMatch(/^KEDAScalerFailed: .*"nobody" is no profile of this server/m);
  });

  it('makes an autoscaler with our metric, target and bounds of it', async () => {
    const autoscaler = async () => (await get<Autoscaler>('hpa', 'keda-hpa-app-a')).spec;
    await expect.poll(autoscaler, polling).toMatchObject({
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: 's0-forescale-demand' },
            target: { type: 'AverageValue', averageValue: String(threshold) },
          },
        },
      ],
    });
  });

  it('hands the forecast on as a metric of the cluster: one value, more than anybody asks for now', async () => {
    const path = '/apis/external.metrics.k8s.io/v1beta1/namespaces/telemetry-app/s0-forescale-demand';
    const selector = 'labelSelector=scaledobject.keda.sh/name=app-a';
    const handedOn = async () => {
      const said = await mustSucceed(server.kubectl, ['get', '--raw', `${path}?${selector}`]);
      const { items } = JSON.parse(said) as { items: { value: string }[] };
      return items.map(({ value }) => Number(value.replace(/m$/, '')) / (value.endsWith('m') ? 1000 : 1));
    };
    await expect.poll(async () => (await handedOn())[0], polling).toBeGreaterThan(0.8 * rush);
    expect(await handedOn()).toHaveLength(1);
  });

  it('scales app-a for the rush before it comes', async () => {
    // Not at once: the autoscaler adds four Pods, or as many as there are, in fifteen seconds.
    const replicasForRush = Math.ceil((rush * 0.8) / threshold);
    expect(replicasForRush).toBeGreaterThan(2 * Math.ceil(calm / threshold));
    const desired = async () => (await get<Autoscaler>('hpa', 'keda-hpa-app-a')).status.desiredReplicas;
    await expect.poll(desired, polling).toBeGreaterThanOrEqual(replicasForRush);
    const pods = async () =>
      (await get<{ items: object[] }>('pods', '--selector=app.kubernetes.io/name=app-a')).items;
    await expect.poll(async () => (await pods()).length, polling).toBeGreaterThanOrEqual(replicasForRush);
  });

  it('tells of itself what the dashboards are tested with, under the same names and labels', async () => {
    const exporter = await startClusterExporter('telemetry-app', 'app-a');
    const played = await shapesAt(`http://${exporter.address}/keda`);
    await exporter.close();
    const withFirstError = ['keda_scaler_detail_errors_total', 'keda_scaled_object_errors_total'];
    const ofCalls = [...played.keys()].filter((name) => name.startsWith('keda_grpc_client_'));
    expect(ofCalls.length).toBeGreaterThan(1);
    for (const name of [...withFirstError, ...(release === '2.21' ? [] : ofCalls)])
      expect(played.delete(name)).toBe(true);
    expect(played.size).toBeGreaterThan(5);
    const real = async () => {
      const told = await shapesAt(keda.metricsUrl);
      return Object.fromEntries([...played.keys()].map((name) => [name, told.get(name)]));
    };
    await expect.poll(real, polling).toEqual(Object.fromEntries(played));
  });

  it('asks the scaler as it asks any: what to scale by, how much, and whether at all', async () => {
    const metrics = await (await fetch(`${scaler.httpUrl}/metrics`)).text();
    for (const method of ['GetMetricSpec', 'GetMetrics', 'IsActive'])
      expect(metrics).toMatch(
        new RegExp(`forescale_rpc_requests_total\\{[^}]*method="${method}"[^}]*status="OK"[^}]*\\} [1-9]`),
      );
  });
}

/** The names of labels of each metric in an exposition, those of buckets left out. */
async function shapesAt(url: string): Promise<Map<string, string>> {
  const text = await (await fetch(url)).text();
  return new Map(
    [...text.matchAll(/^(keda_\w+)\{(.*)\} /gm)].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)]
        .map(([, label = '']) => label)
        .filter((label) => label !== 'le')
        .sort()
        .join(' '),
    ]),
  );
}

/**
 * A fortnight of app-a's requests, as a counter, which is what the app has; and as much of the future as Prometheus takes,
 * because nothing is scraped while the test runs.
 */
async function writeDays({ url }: RunningProgram): Promise<void> {
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

/** The telemetry app as the overlay for developers has it, its ScaledObject pointing to our process. */
async function applyShowcase(server: ApiServer, scalerAddress: string): Promise<void> {
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
  const withMetadata = (name: string, target: string, metadata: Record<string, string>) => ({
    ...scaledObject,
    metadata: { ...scaledObject.metadata, name },
    spec: {
      ...scaledObject.spec,
      scaleTargetRef: { name: target },
      triggers: [{ type: 'external-push', metadata }],
    },
  });
  await apply(server.kubectl, app);
  // KEDA reads it when it first sees the ScaledObject.
  const query = `DEMAND_QUERY=vector(7) unless ${secretLabel}`;
  await mustSucceed(server.kubectl, ['set', 'env', '--namespace=telemetry-app', 'deployment/app-b', query]);
  await apply(server.kubectl, [
    { ...scaledObject, spec: { ...scaledObject.spec, triggers } } as Manifest,
    withMetadata('from-env', 'app-b', { scalerAddress, threshold: '10', queryFromEnv: 'DEMAND_QUERY' }),
    withMetadata('refused', 'app-c', {
      scalerAddress,
      threshold: '10',
      query: 'up',
      prometheusAddress: 'nobody',
    }),
  ]);
}
