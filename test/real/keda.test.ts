import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteWrite } from '../../src/forecast/history/remote-write.ts';
import { startPrometheus } from '../../src/programs/prometheus.ts';
import type { RunningProgram } from '../../src/programs/server-process.ts';
import { hasOpenssl, selfSigned, signedBy } from '../certificates.ts';
import { eventually } from '../eventually.ts';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { projectRoot } from '../repository/project-files.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { startControllerManager } from './controller-manager.ts';
import { startKeda } from './keda.ts';
import { whyMissing, whyNotInstalled } from './real-programs.ts';
import { type ServeProcess, startServeProcess } from './serve-process.ts';
import { apply, applyPrerequisites, mustSucceed } from './server-dry-run.ts';

const programs = [...apiServerPrograms, 'kube-controller-manager', 'keda-operator', 'keda-adapter'] as const;
const missing =
  (await whyNotInstalled(programs)) ??
  (await whyMissing('prometheus')) ??
  (hasOpenssl ? undefined : 'this machine has no openssl');
const patienceMs = 300_000;

/** Every day the same, seen from now: a rush begins in twenty minutes and lasts two hours. */
const calm = 20;
const rush = 72;
const threshold = 10;
/** A workload that takes its time to start has to be scaled before the rush; two minutes are what is assumed else. */
const leadTime = '30m';
const day = 86_400;
const stepSeconds = 60;

interface ScaledObject extends Manifest {
  readonly spec: { readonly triggers: readonly { readonly metadata: Record<string, string> }[] };
}
interface Autoscaler {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly {
      readonly external: { readonly metric: { readonly name: string }; readonly target: object };
    }[];
  };
  readonly status: { readonly desiredReplicas: number };
}

const title = `a real KEDA and a real autoscaler${missing === undefined ? '' : ` (skipped: ${missing})`}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  const started: { stop(): Promise<void> }[] = [];
  const opened = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const program = await starting;
    started.push(program);
    return program;
  };
  let server: ApiServer;
  let scaler: ServeProcess;

  beforeAll(async () => {
    const authority = selfSigned(folder, 'authority');
    const frontProxy = { authorityFile: authority.certFile, ...signedBy(authority, folder, 'front-proxy') };
    const prometheus = await opened(startPrometheus({ env: process.env }));
    await writeDays(prometheus);
    scaler = await opened(startServeProcess(prometheus.url));
    server = await opened(startApiServer({ frontProxy }));
    await opened(startKeda(server, authority, folder));
    await opened(startControllerManager(server));
    await applyShowcase(server, `127.0.0.1:${scaler.grpcPort}`);
  }, patienceMs);
  afterAll(async () => {
    for (const program of started.reverse()) await program.stop();
    rmSync(folder, { recursive: true });
  });

  async function get<T>(...what: readonly string[]): Promise<T> {
    const said = await mustSucceed(server.kubectl, [
      'get',
      '--namespace=telemetry-app',
      '--output=json',
      ...what,
    ]);
    return JSON.parse(said) as T;
  }

  it('takes the ScaledObject of the showcase: Ready, by what the scaler says', async () => {
    const { status } = await eventually(
      () => get<{ status?: { conditions?: { type: string; status: string }[] } }>('scaledobject', 'app-a'),
      ({ status }) => ['Ready', 'Active'].every((type) => conditionOf(status?.conditions, type) === 'True'),
    );
    expect(conditionOf(status?.conditions, 'Fallback')).not.toBe('True');
  });

  it('makes an autoscaler with our metric, target and bounds of it', async () => {
    const { spec } = await eventually(
      () => get<Autoscaler>('hpa', 'keda-hpa-app-a'),
      () => true,
    );
    expect(spec).toMatchObject({
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name: expect.stringMatching(/^s0-/) },
            target: { type: 'AverageValue', averageValue: String(threshold) },
          },
        },
      ],
    });
  });

  it('scales app-a for the rush before it comes', async () => {
    const { status } = await eventually(
      () => get<Autoscaler>('hpa', 'keda-hpa-app-a'),
      ({ status }) => status.desiredReplicas > Math.ceil(calm / threshold),
    );
    expect(status.desiredReplicas).toBeGreaterThanOrEqual(Math.floor((0.8 * rush) / threshold));
    const { spec } = await eventually(
      () => get<{ spec: { replicas: number } }>('deployment', 'app-a'),
      ({ spec }) => spec.replicas === status.desiredReplicas,
    );
    const pods = await eventually(
      () => get<{ items: object[] }>('pods', '--selector=app.kubernetes.io/name=app-a'),
      ({ items }) => items.length === spec.replicas,
    );
    expect(pods.items.length).toBeGreaterThan(2);
  });

  it('asks the scaler as it asks any: what to scale by, how much, and whether at all', async () => {
    const metrics = await (await fetch(`${scaler.httpUrl}/metrics`)).text();
    for (const method of ['GetMetricSpec', 'GetMetrics', 'IsActive'])
      expect(metrics).toMatch(
        new RegExp(`forescale_rpc_requests_total\\{[^}]*method="${method}"[^}]*status="OK"[^}]*\\} [1-9]`),
      );
  });
});

function conditionOf(
  conditions: readonly { type: string; status: string }[] | undefined,
  type: string,
): string | undefined {
  return conditions?.find((condition) => condition.type === type)?.status;
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
  await apply(server.kubectl, [
    ...app,
    { ...scaledObject, spec: { ...scaledObject.spec, triggers } } as Manifest,
  ]);
}
