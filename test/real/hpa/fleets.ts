import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import type { ApiServer } from '../api-server.ts';
import { apply, applyPrerequisites } from '../server-dry-run.ts';
import type { HpaScene } from './hpa-scenes.ts';

const namespace = 'hpa-recording';
/** API group of the fleets. */
export const fleetGroup = 'recording.test';

/** Objects with replicas and no Pods; their status is what was asked for as soon as the recorder has seen it. */
export interface Fleets {
  replicas(name: string): Promise<number>;
  report(name: string, replicas: number): Promise<void>;
}

export async function createFleets(server: ApiServer, scenes: readonly HpaScene[]): Promise<Fleets> {
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
      apiVersion: `${fleetGroup}/v1`,
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
  const url = (name: string) => `${server.url}/apis/${fleetGroup}/v1/namespaces/${namespace}/fleets/${name}`;
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

function autoscaler({ name, target, minReplicas, maxReplicas, behavior }: HpaScene) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { apiVersion: `${fleetGroup}/v1`, kind: 'Fleet', name },
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
  metadata: { name: `fleets.${fleetGroup}` },
  spec: {
    group: fleetGroup,
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
