import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromEnvironment } from '../../src/platform/secrets/from-environment.ts';
import { hasOpenssl, selfSigned, signedBy } from '../../tools/certificates.ts';
import { kedaVersion, otherKedaVersions } from '../../tools/programs/cluster-programs.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { startClusterExporter } from './cluster-exporter.ts';
import { startControllerManager } from './controller-manager.ts';
import { type KedaRelease, kedaPrograms, kedaReleases, type RunningKeda, startKeda } from './keda.ts';
import { expectNoted } from './keda-run.ts';
import {
  applyShowcase,
  byForecast,
  calm,
  rush,
  secretLabel,
  threshold,
  triggeringMetrics,
  writeDays,
} from './keda-showcase.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { type ServeProcess, startServeProcess } from './serve-process.ts';
import { mustSucceed } from './server-dry-run.ts';

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

const polling = { interval: 500 };

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
    await applyShowcase(server, scaler);
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

  /** The values of a metric that KEDA serves to the autoscaler. */
  async function metricOf(scaledObject: string, metric: string): Promise<readonly number[]> {
    const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/telemetry-app/${metric}`;
    const selector = `labelSelector=scaledobject.keda.sh/name=${scaledObject}`;
    const said = await mustSucceed(server.kubectl, ['get', '--raw', `${path}?${selector}`]);
    const { items } = JSON.parse(said) as { items: { value: string }[] };
    return items.map(({ value }) => Number(value.replace(/m$/, '')) / (value.endsWith('m') ? 1000 : 1));
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
    const handedOn = () => metricOf('app-a', 's0-forescale-demand');
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

  it('scales by the forecast that its own prometheus trigger reads from us, and serves what the JSON API tells', async () => {
    const decided = async () => {
      const path = `${scaler.httpUrl}/api/v1/workloads/telemetry-app/app-a`;
      const { decision } = (await (await fetch(path)).json()) as {
        decision: { predictedPeak: number; signal: number };
      };
      return [decision.predictedPeak, decision.signal];
    };
    const differences = async () => {
      const served = await Promise.all(
        triggeringMetrics.map((_, index) => metricOf(byForecast, `s${index}-prometheus`)),
      );
      const told = await decided();
      return served.flatMap((values, index) => values.map((value) => Math.abs(value - (told[index] ?? 0))));
    };
    // KEDA cuts to thousandths; and a decision may be made between the two questions.
    const areSame = async () => (await differences()).map((difference) => difference <= 0.001);
    await expect.poll(areSame, polling).toEqual([true, true]);
    const [peak = 0] = await decided();
    expect(peak).toBeGreaterThan(0.8 * rush);
    await expect
      .poll(() => conditionsOf(byForecast), polling)
      .toMatchObject({ Ready: 'True', Active: 'True' });
    const desired = async () =>
      (await get<Autoscaler>('hpa', `keda-hpa-${byForecast}`)).status.desiredReplicas;
    await expect.poll(desired, polling).toBeGreaterThanOrEqual(Math.ceil((rush * 0.8) / threshold));
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

  it('is a pair of versions that docs/kubernetes.md tells of', async ({ task }) => {
    const keda = release === 'installed' ? kedaVersion : otherKedaVersions[release];
    await expectNoted('played', keda, server, task);
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
