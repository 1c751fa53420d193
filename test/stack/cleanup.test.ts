import { afterEach, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import type { KubernetesObject } from './selectors.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
afterEach(async () => {
  expect(stack.cluster.notUnderstood).toEqual([]);
  expect(stack.leftBehind()).toEqual([]);
  await stack.close();
});

const partOf = 'app.kubernetes.io/part-of';
const isOurs = ({ metadata }: KubernetesObject) => metadata.labels?.[partOf] === 'forescale';
const ours = { [partOf]: 'forescale' };

/** Everything deployed, with Prometheus' history and a secret, in a cluster where others live too. */
async function deployed(more: KubernetesObject[] = [], programs = ['kubectl', 'docker']): Promise<void> {
  const data: KubernetesObject[] = [
    {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data-prometheus-0', namespace: 'monitoring', labels: ours },
    },
    { kind: 'Secret', metadata: { name: 'grafana-admin', namespace: 'monitoring', labels: ours } },
  ];
  const own: KubernetesObject[] = ['forescale', 'monitoring', 'telemetry-app'].flatMap((namespace) => [
    { kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
    { kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace } },
  ]);
  const objects = ['cluster.yaml', 'keda.yaml', 'overlay.yaml'].flatMap(recorded);
  stack = await startStack(programs, clusterDouble([...objects, ...data, ...own, ...more]));
}

const names = () => stack.cluster.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
const cleanup = (...args: string[]) => stack.run('cleanup', '--target', 'kind', '--yes', ...args);

describe('./stack cleanup', () => {
  it('deletes what carries our label, but no data, no KEDA and nothing of anybody else', async () => {
    await deployed();
    const others = stack.cluster.objects.filter((one) => !isOurs(one)).map(({ metadata }) => metadata.name);
    const { code, stderr } = await cleanup();
    expect(code).toBe(0);
    const kept = stack.cluster.objects.filter(isOurs).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(kept).toEqual([
      'Namespace/keda',
      'Namespace/monitoring',
      'PersistentVolumeClaim/data-prometheus-0',
      'Secret/grafana-admin',
    ]);
    // What every namespace has by itself went along with two of them; nothing else of others did.
    const gone = others.filter(
      (name) => !stack.cluster.objects.some(({ metadata }) => metadata.name === name),
    );
    expect(gone).toEqual([]);
    expect(stack.cluster.objects.filter(({ metadata }) => metadata.namespace === 'forescale')).toEqual([]);
    expect(stderr).toContain(
      'namespace monitoring stays, for it holds: persistentvolumeclaim/data-prometheus-0, secret/grafana-admin',
    );
    expect(stderr).toContain('kept: KEDA (--keda), and its definitions (--crds)');
  });

  it('deletes ScaledObjects first, while KEDA can still let them go, and namespaces last', async () => {
    await deployed();
    await cleanup();
    const deletions = stack.changes();
    expect(deletions.map((line) => line.split(' ')[2]?.slice(0, 11))).toEqual([
      'scaledobjec',
      'certificate',
      'apiservices',
      'namespace',
      'namespace',
    ]);
    expect(
      deletions.every(
        (line) =>
          line.includes('-l app.kubernetes.io/part-of=forescale,app.kubernetes.io/managed-by!=Helm') ||
          line.includes('delete namespace '),
      ),
    ).toBe(true);
    const kinds = deletions.filter((line) => / delete \S+,/.test(line));
    expect(kinds.length).toBe(2);
    for (const line of kinds)
      expect(line).not.toMatch(/secrets|persistentvolume|[ ,]pods|customresourcedef|[ ,]nodes/);
  });

  it('deletes the history and the secrets too with --data, and then every namespace but KEDA’s', async () => {
    await deployed();
    expect(await cleanup('--data')).toMatchObject({ code: 0 });
    expect(stack.cluster.objects.filter(isOurs).map(({ metadata }) => metadata.name)).toEqual(['keda']);
  });

  it('keeps a namespace in which somebody else has something, and that too', async () => {
    await deployed([
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace: 'telemetry-app' } },
    ]);
    const { stderr } = await cleanup('--data');
    expect(stderr).toContain('namespace telemetry-app stays, for it holds: deployment.apps/shop');
    expect(names()).toContain('Namespace/telemetry-app');
    expect(names()).toContain('Deployment/shop');
    expect(names()).not.toContain('Deployment/app-a');
  });

  it('keeps a namespace of which it cannot learn what is in it', async () => {
    await deployed();
    stack.cluster.overrides.set('get persistentvolumeclaims,secrets', { code: 1, stderr: 'Forbidden\n' });
    const { stderr } = await cleanup();
    expect(stderr).toContain('namespace monitoring stays, for what it holds could not be asked');
    expect(names()).toContain('Namespace/monitoring');
  });

  it('deletes nothing where it cannot learn what is ours', async () => {
    await deployed();
    stack.cluster.overrides.set('get certificates.cert-manager.io,configmaps', {
      code: 1,
      stderr: 'Forbidden\n',
    });
    expect(await cleanup('--data')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('what is ours could not be asked'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it('finds what is ours in namespaces of others too, and leaves those', async () => {
    await deployed([
      {
        kind: 'ServiceAccount',
        metadata: { name: 'prometheus-reader', namespace: 'kube-system', labels: ours },
      },
    ]);
    await cleanup();
    expect(names()).not.toContain('ServiceAccount/prometheus-reader');
    expect(names()).toContain('Pod/traefik-5f9b7c6d5-abcde');
  });

  it('deletes nothing where the kinds of objects cannot be learned', async () => {
    await deployed();
    stack.cluster.overrides.set('api-resources', {
      stdout: 'services\n',
      code: 1,
      stderr: 'error: unable to retrieve the complete list of server APIs\n',
    });
    const { code, stderr } = await cleanup('--data');
    expect(code).toBe(1);
    expect(stderr).toContain('often an APIService that does not answer');
    expect(stack.changes()).toEqual([]);
  });

  it('asks before, and without a person to ask does nothing', async () => {
    await deployed();
    const { code, stderr } = await stack.run('cleanup', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toMatch(/namespace telemetry-app: \d+ objects\n/);
    expect(stderr).toContain('This deletes all of that. Nobody is there to ask.\n       say --yes');
    expect(stack.changes()).toEqual([]);
  });

  it('says what it would do with --dry-run, in commands one can type, and does nothing', async () => {
    await deployed();
    const before = structuredClone(stack.cluster.objects);
    const { code, stderr } = await cleanup('--data', '--keda', '--crds', '--dry-run');
    expect(code).toBe(0);
    expect(stderr).toContain(
      'would run: kubectl --context=kind-forescale delete scaledobjects.keda.sh -A -l',
    );
    expect(stack.changes()).toEqual([]);
    expect(stack.cluster.objects).toEqual(before);
  });

  it('finds nothing to do the second time', async () => {
    await deployed();
    await cleanup('--data', '--keda', '--crds');
    const before = structuredClone(stack.cluster.objects);
    expect(before.filter(isOurs)).toEqual([]);
    const changes = stack.changes().length;
    expect(await cleanup()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing of ours is in the cluster'),
    });
    expect(stack.changes().length).toBe(changes);
  });

  it('takes away KEDA with --keda, and its definitions only with --crds', async () => {
    await deployed();
    expect(await cleanup('--keda')).toMatchObject({ code: 0 });
    expect(names()).not.toContain('Deployment/keda-operator');
    expect(names()).toContain('CustomResourceDefinition/scaledobjects.keda.sh');
    expect(await cleanup('--crds')).toMatchObject({ code: 0 });
    expect(names()).not.toContain('CustomResourceDefinition/scaledobjects.keda.sh');
  });

  it('refuses to take KEDA or its definitions from others, before anything is deleted', async () => {
    await deployed([
      { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'shop', namespace: 'shop' } },
    ]);
    for (const flag of ['--keda', '--crds']) {
      const { code, stderr } = await cleanup(flag);
      expect(code).toBe(1);
      expect(stderr).toContain('others use KEDA: scaledobject.keda.sh/shop');
    }
    expect(stack.changes()).toEqual([]);
  });

  it.each(['TriggerAuthentication', 'ClusterTriggerAuthentication'])(
    'counts a %s of others among those who use KEDA',
    async (kind) => {
      await deployed([{ apiVersion: 'keda.sh/v1alpha1', kind, metadata: { name: 'shop' } }]);
      expect(await cleanup('--crds')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`others use KEDA: ${kind.toLowerCase()}.keda.sh/shop`),
      });
      expect(stack.changes()).toEqual([]);
    },
  );

  it.each(['--keda', '--crds'])('refuses %s of a KEDA that it did not install', async (flag) => {
    await deployed();
    for (const one of stack.cluster.objects) {
      if (one.kind === 'Namespace' && one.metadata.name === 'keda') one.metadata.labels = {};
    }
    expect(await cleanup(flag)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KEDA was not installed by ./stack'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it.each([
    'get namespaces',
    'get deployments',
    'get customresourcedefinitions.apiextensions.k8s.io/scaledobjects.keda.sh',
  ])('takes no answer to "%s" for no sign of others', async (question) => {
    await deployed([
      { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'shop', namespace: 'shop' } },
    ]);
    stack.cluster.overrides.set(question, { code: 1, stderr: 'Error from server (Timeout)\n' });
    expect(await cleanup('--keda', '--crds')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('what is in the cluster could not be asked'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it('leaves releases of the chart that others made, and says what stays for them', async () => {
    const theirs = { ...ours, 'app.kubernetes.io/managed-by': 'Helm' };
    const release = (namespace: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `scaler-of-${namespace}`, namespace, labels: theirs },
    });
    await deployed([release('shop'), release('forescale')]);
    const { code, stderr } = await cleanup('--data');
    expect(code).toBe(0);
    expect(stderr).not.toContain('namespace shop');
    expect(stderr).toContain('namespace forescale stays, for it holds: deployment.apps/scaler-of-forescale');
    expect(names()).toEqual(
      expect.arrayContaining(['Deployment/scaler-of-shop', 'Deployment/scaler-of-forescale']),
    );
  });

  it('says how a finalizer is taken away where a ScaledObject does not go', async () => {
    await deployed();
    stack.cluster.overrides.set('delete scaledobjects', {
      code: 1,
      stderr: 'error: timed out waiting for the condition\n',
    });
    const { code, stderr } = await cleanup();
    expect(code).toBe(1);
    expect(stderr).toContain('patch scaledobject NAME -n');
    expect(stderr).toContain('finalizers');
  });

  it('uninstalls the chart where it is installed', async () => {
    await deployed([], ['kubectl', 'helm']);
    stack.others.set('helm --kube-context kind-forescale list', { stdout: 'forescale\n' });
    await cleanup();
    expect(stack.typed().filter((line) => line.startsWith('helm'))).toEqual([
      'helm --kube-context kind-forescale list --namespace forescale --short',
      'helm --kube-context kind-forescale uninstall forescale --namespace forescale --wait --timeout 5m',
    ]);
  });

  it('leaves a release of another name in our namespace', async () => {
    await deployed([], ['kubectl', 'helm']);
    stack.others.set('helm --kube-context kind-forescale list', { stdout: 'my-forescale\n' });
    expect(await cleanup()).toMatchObject({ code: 0 });
    expect(stack.typed().filter((line) => line.includes('uninstall'))).toEqual([]);
  });

  it('of compose stops its containers and keeps its volumes, unless told otherwise', async () => {
    await deployed();
    const compose = (...args: string[]) => stack.run('cleanup', '--target', 'compose', ...args);
    expect(await compose()).toMatchObject({ code: 1 });
    expect(stack.changes()).toEqual([]);
    expect(await compose('--yes')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('--data removes them too'),
    });
    expect(await compose('--yes', '--data')).toMatchObject({ code: 0 });
    expect(stack.changes().map((line) => line.replace(/^.* --profile seed /, ''))).toEqual([
      'down --remove-orphans --rmi local',
      'down --remove-orphans --rmi local --volumes',
    ]);
    // Whatever COMPOSE_PROJECT_NAME says.
    for (const line of stack.changes()) expect(line).toContain('docker compose --project-name forescale ');
  });
});
