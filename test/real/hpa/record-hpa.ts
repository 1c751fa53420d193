import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { within } from '../../../src/platform/deadline.ts';
import type { HpaRecording } from '../../pure/controllers/hpa-recording.ts';
import { selfSigned, signedBy } from '../../support/certificates.ts';
import { type ApiServer, startApiServer } from '../api-server.ts';
import { startControllerManager } from '../controller-manager.ts';
import { apply, applyPrerequisites, mustSucceed } from '../server-dry-run.ts';
import { type ExternalMetrics, serveExternalMetrics } from './external-metrics.ts';
import { type HpaScene, hpaScenes } from './hpa-scenes.ts';

/** The HPA controller looks this often. */
const syncSeconds = 2;
/** After a metric was read the controller writes the scale within milliseconds. */
const settleMs = 500;

const namespace = 'hpa-recording';
const group = 'recording.test';

/** Has a real HPA controller scale every scene for a number of syncs, and returns what it did. */
export async function recordHpa(syncCount: number): Promise<HpaRecording> {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  const started: { stop(): Promise<void> }[] = [];
  try {
    const authority = selfSigned(folder, 'authority');
    const frontProxy = { authorityFile: authority.certFile, ...signedBy(authority, folder, 'front-proxy') };
    const server = await startApiServer({ frontProxy });
    started.push(server);
    const scenes = hpaScenes();
    const fleets = await createFleets(server, scenes);
    const recorders = new Map(scenes.map((scene) => [scene.name, createRecorder(scene, fleets, syncCount)]));
    const metrics: ExternalMetrics = await serveExternalMetrics(server, authority, folder, (name) =>
      recorders.get(name)?.read(),
    );
    started.push({ stop: metrics.close });
    const sync = `${syncSeconds * 1000}ms`;
    started.push(
      await startControllerManager(server, {
        controllers: ['horizontal-pod-autoscaler-controller'],
        syncPeriod: sync,
      }),
    );
    const all = [...recorders.values()];
    await within((syncCount * syncSeconds * 2 + 120) * 1000, Promise.all(all.map(({ done }) => done)));
    const version = await mustSucceed(server.kubectl, ['get', '--raw', '/version']);
    const { gitVersion } = JSON.parse(version) as { readonly gitVersion: string };
    const startedAt = Math.min(...all.map(({ syncs }) => syncs[0]?.atMs ?? Number.POSITIVE_INFINITY));
    return {
      kubernetes: gitVersion,
      syncSeconds,
      runs: scenes.map(({ name: _, nextMilli: _1, ...setting }, index) => ({
        ...setting,
        initialReplicas: setting.minReplicas,
        syncs: (all[index]?.syncs ?? [])
          .slice(0, syncCount)
          .map(({ atMs, milli, replicas }) => [
            Math.round(atMs - startedAt) / 1000,
            milli === undefined ? null : milli / 1000,
            replicas,
          ]),
      })),
    };
  } finally {
    for (const program of started.reverse()) await program.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Objects with replicas and no Pods; their status is what was asked for as soon as the recorder has seen it. */
interface Fleets {
  replicas(name: string): Promise<number>;
  report(name: string, replicas: number): Promise<void>;
}

async function createFleets(server: ApiServer, scenes: readonly HpaScene[]): Promise<Fleets> {
  const { kubectl } = server;
  await applyPrerequisites(kubectl, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    definition,
  ]);
  const account = { name: 'recorder', namespace };
  await apply(kubectl, [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'recorder' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    } as never,
    ...scenes.map(({ name, minReplicas }) => ({
      apiVersion: `${group}/v1`,
      kind: 'Fleet',
      metadata: { name, namespace },
      spec: { replicas: minReplicas },
    })),
  ]);
  const fleets = await connect(server, account);
  for (const { name, minReplicas } of scenes) await fleets.report(name, minReplicas);
  await apply(kubectl, scenes.map(autoscaler));
  return fleets;
}

async function connect(
  server: ApiServer,
  account: { readonly name: string; readonly namespace: string },
): Promise<Fleets> {
  const config = JSON.parse(readFileSync(await server.kubeconfigOf(account), 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data': string } }[];
    readonly users: readonly { readonly user: { readonly token: string } }[];
  };
  const ca = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64');
  const dispatcher = new Agent({ connect: { ca } });
  const headers = { authorization: `Bearer ${config.users[0]?.user.token}` };
  const url = (name: string) => `${server.url}/apis/${group}/v1/namespaces/${namespace}/fleets/${name}`;
  const call = async (target: string, method: 'GET' | 'PATCH', body?: object) => {
    const type = body === undefined ? {} : { 'content-type': 'application/merge-patch+json' };
    const options = { dispatcher, method, headers: { ...headers, ...type } };
    const answer = await request(
      target,
      body === undefined ? options : { ...options, body: JSON.stringify(body) },
    );
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${target}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as { readonly spec: { readonly replicas: number } };
  };
  return {
    replicas: async (name) => (await call(url(name), 'GET')).spec.replicas,
    async report(name, replicas) {
      await call(`${url(name)}/status`, 'PATCH', { status: { replicas, selector: `app=${name}` } });
    },
  };
}

interface RecordedSync {
  readonly atMs: number;
  readonly milli: number | undefined;
  readonly replicas: number;
}

/** Notes each read of a metric, which is a sync, and the replicas that followed. */
function createRecorder(scene: HpaScene, fleets: Fleets, syncCount: number) {
  const syncs: RecordedSync[] = [];
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  let reported = scene.minReplicas;

  async function settle(atMs: number, milli: number | undefined): Promise<void> {
    const replicas = await fleets.replicas(scene.name);
    if (replicas !== reported) await fleets.report(scene.name, replicas);
    reported = replicas;
    syncs.push({ atMs, milli, replicas });
    if (syncs.length === syncCount) resolve();
  }

  return {
    syncs,
    /** Resolves after `syncCount` syncs; rejects when the API server does. */
    done,
    read(): number | undefined {
      const milli = scene.nextMilli();
      const atMs = performance.now();
      setTimeout(() => void settle(atMs, milli).catch(reject), settleMs);
      return milli;
    },
  };
}

function autoscaler({ name, target, minReplicas, maxReplicas, behavior }: HpaScene) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: `${group}/v1`, kind: 'Fleet', name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: 'External',
          external: {
            metric: { name },
            target: { type: 'AverageValue', averageValue: `${Math.round(1000 * target)}m` },
          },
        },
      ],
      ...(behavior === undefined ? {} : { behavior: asQuantities(behavior) }),
    },
  };
}

/** Tolerances are quantities. */
function asQuantities(behavior: NonNullable<HpaScene['behavior']>) {
  return JSON.parse(
    JSON.stringify(behavior, (key, value: unknown) =>
      key === 'tolerance' ? `${Math.round(1000 * Number(value))}m` : value,
    ),
  ) as Record<string, unknown>;
}

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `fleets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind: 'Fleet', plural: 'fleets', singular: 'fleet' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { replicas: { type: 'integer' } } },
              status: {
                type: 'object',
                properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
              },
            },
          },
        },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
      },
    ],
  },
};
