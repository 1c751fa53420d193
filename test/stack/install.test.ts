import { afterEach, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import { type Stack, startStack } from './stack.ts';

let stack: Stack;
afterEach(async () => {
  expect(stack.cluster.notUnderstood).toEqual([]);
  expect(stack.leftBehind()).toEqual([]);
  await stack.close();
});

const withKeda = () =>
  startStack(['kubectl'], clusterDouble([...recorded('cluster.yaml'), ...recorded('keda.yaml')]));

function secret(name: string): Record<string, string> {
  const found = stack.cluster.objects.find(
    ({ kind, metadata }) => kind === 'Secret' && metadata.name === name,
  );
  const data = (found?.['data'] ?? {}) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]),
  );
}

describe('./stack install', () => {
  it('brings KEDA server-side and waits for it, then namespaces, then secrets', async () => {
    stack = await startStack();
    const { code, stdout } = await stack.run('install', '--target', 'k3s');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const steps = stack.typed().filter((line) => /apply|wait|rollout|create -f/.test(line));
    expect(steps).toEqual([
      'k3s kubectl apply --server-side --field-manager=forescale-stack -f -',
      'k3s kubectl wait --for=condition=Established crd/scaledobjects.keda.sh',
      'k3s kubectl rollout status deployment.apps/keda-operator -n keda',
      'k3s kubectl apply --server-side --field-manager=forescale-stack -f -',
      'k3s kubectl create -f -',
      'k3s kubectl create -f -',
    ]);
    const namespaces = stack.cluster.objects.filter(({ kind }) => kind === 'Namespace');
    expect(namespaces.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['keda', 'forescale', 'monitoring', 'telemetry-app']),
    );
    // The namespaces, and nothing of the workloads yet.
    expect(stack.cluster.objects.some(({ metadata }) => metadata.name === 'app-a')).toBe(false);
  });

  it('generates secrets that no list of processes, no output and no file ever shows', async () => {
    stack = await startStack();
    const { stdout, stderr } = await stack.run('install', '--target', 'k3s');
    const password = secret('grafana-admin')['admin-password'] ?? '';
    const token = secret('forescale-api-token')['token'] ?? '';
    expect(secret('grafana-admin')['admin-user']).toBe('admin');
    for (const text of [password, token]) {
      expect(text).toMatch(/^s[A-Za-z0-9]{20,}$/);
      expect(stdout + stderr).not.toContain(text);
      expect(stack.calls.filter(({ args }) => args.join(' ').includes(text))).toEqual([]);
    }
    expect(password).not.toBe(token);
    const labels = stack.cluster.objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata }) => metadata.labels);
    expect(labels).toHaveLength(2);
    for (const one of labels) expect(one).toMatchObject({ 'app.kubernetes.io/part-of': 'forescale' });
  });

  it('prints them by credentials, and by nothing else', async () => {
    stack = await startStack();
    expect(await stack.run('credentials', '--target', 'k3s')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('there are no secrets of ours'),
    });
    await stack.run('install', '--target', 'k3s');
    const { code, stdout } = await stack.run('credentials', '--target', 'k3s');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${'Grafana, user'.padEnd(33)}admin\n` +
        `${'Grafana, password'.padEnd(33)}${secret('grafana-admin')['admin-password']}\n` +
        `${'forecasting API, bearer token'.padEnd(33)}${secret('forescale-api-token')['token']}\n`,
    );
  });

  it('changes nothing the second time but to apply the same namespaces again', async () => {
    stack = await startStack();
    await stack.run('install', '--target', 'k3s');
    const before = structuredClone(stack.cluster.objects);
    const changes = stack.changes().length;
    const { code, stderr } = await stack.run('install', '--target', 'k3s');
    expect(code).toBe(0);
    expect(stderr).toContain('KEDA 2.20.2 is there');
    expect(stderr).toContain('secret monitoring/grafana-admin is there');
    expect(stack.changes().slice(changes)).toEqual([
      'k3s kubectl apply --server-side --field-manager=forescale-stack -f -',
    ]);
    expect(stack.cluster.objects).toEqual(before);
  });

  it('leaves a KEDA alone that somebody else installed, whatever its version', async () => {
    const theirs = recorded('keda.yaml').map((one) => ({
      ...one,
      metadata: { ...one.metadata, labels: { ...one.metadata.labels, 'app.kubernetes.io/part-of': 'keda' } },
    }));
    stack = await startStack(['kubectl'], clusterDouble([...recorded('cluster.yaml'), ...theirs]));
    stack.edit('k8s/stack/versions.env', 'KEDA_VERSION=2.20.2', 'KEDA_VERSION=2.21.0');
    const { code, stderr } = await stack.run('install', '--target', 'dev');
    expect(code).toBe(0);
    expect(stderr).toContain('KEDA 2.20.2 is there');
    expect(stack.typed()).not.toContain('kubectl kustomize ./k8s/components/keda');
  });

  it('brings a KEDA of its own up to date', async () => {
    stack = await withKeda();
    stack.edit('k8s/stack/versions.env', 'KEDA_VERSION=2.20.2', 'KEDA_VERSION=2.21.0');
    expect(await stack.run('install', '--target', 'dev')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('==> KEDA 2.21.0'),
    });
  });

  it('does not take a KEDA of its own back to an older version', async () => {
    stack = await withKeda();
    stack.edit('k8s/stack/versions.env', 'KEDA_VERSION=2.20.2', 'KEDA_VERSION=2.19.0');
    const { code, stderr } = await stack.run('install', '--target', 'dev');
    expect(code).toBe(0);
    expect(stderr).toContain('KEDA 2.20.2 is there');
    expect(stack.typed()).not.toContain('kubectl kustomize ./k8s/components/keda');
  });

  it('brings no KEDA where it cannot learn whether there is one', async () => {
    stack = await startStack(['kubectl']);
    stack.cluster.overrides.set('get deployments', { code: 1, stderr: 'Error from server (Timeout)\n' });
    expect(await stack.run('install', '--target', 'dev')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('what is in the cluster could not be asked'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it('leaves secrets to the manifests where those bring them', async () => {
    stack = await startStack(['kubectl']);
    const external = (namespace: string, name: string) =>
      `---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n`;
    stack.cluster.rendered.set(
      'k8s/overlays/production',
      `${stack.cluster.rendered.get('k8s/overlays/production')}${external('monitoring', 'grafana-admin')}${external('forescale', 'forescale-api-token')}`,
    );
    const { code, stderr } = await stack.run('install', '--target', 'production', '--yes');
    expect(code).toBe(0);
    expect(stderr).toContain('secret monitoring/grafana-admin comes with the manifests');
    expect(stack.typed()).not.toContain('kubectl create -f -');
  });

  it('prints what it would apply and changes nothing with --dry-run', async () => {
    stack = await startStack();
    const before = structuredClone(stack.cluster.objects);
    const { code, stdout, stderr } = await stack.run('install', '--target', 'k3s', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('kind: CustomResourceDefinition');
    expect(stdout).toContain('name: telemetry-app');
    expect(stdout).not.toContain('kind: Secret');
    expect(stderr).toContain('would run: k3s kubectl --context=default apply --server-side');
    expect(stderr).toContain('would create: secret forescale/forescale-api-token, generated');
    expect(stack.changes()).toEqual([]);
    expect(stack.cluster.objects).toEqual(before);
  });

  it('fails, saying where to look, when KEDA does not come up', async () => {
    stack = await startStack();
    stack.cluster.overrides.set('rollout status', {
      code: 1,
      stderr: 'error: timed out waiting for the condition\n',
    });
    const { code, stderr } = await stack.run('install', '--target', 'k3s');
    expect(code).toBe(1);
    expect(stderr).toContain('KEDA does not come up\n       ./stack logs keda --target k3s');
  });

  it('fails when the cluster refuses the manifests, and makes no secret then', async () => {
    stack = await startStack();
    stack.cluster.overrides.set('apply', { code: 1, stderr: 'Error from server (Forbidden)\n' });
    const { code, stderr } = await stack.run('install', '--target', 'k3s');
    expect(code).toBe(1);
    expect(stderr).toContain('Forbidden');
    expect(stack.cluster.objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

describe('a namespace of somebody else', () => {
  const theirs = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } };

  it.each(['install', 'deploy'])(
    'is not taken over by %s: our quota and policies would come over it',
    async (verb) => {
      stack = await startStack(
        ['kubectl', 'k3s', 'docker'],
        clusterDouble([...recorded('cluster.yaml'), ...recorded('keda.yaml'), structuredClone(theirs)]),
      );
      const { code, stderr } = await stack.run(verb, '--target', 'k3s');
      expect(code).toBe(1);
      expect(stderr).toContain('stack: not ours, but there: namespace monitoring\n');
      expect(stderr).toMatch(/: k3s kubectl --context=default label namespace monitoring \S+=forescale\n$/);
      expect(stack.changes()).toEqual([]);
    },
  );

  it('is no obstacle where the chart brings the scaler alone', async () => {
    stack = await startStack(
      ['kubectl'],
      clusterDouble([...recorded('cluster.yaml'), structuredClone(theirs)]),
    );
    const text = stack.cluster.rendered.get('k8s/base') ?? '';
    stack.cluster.rendered.set(
      'k8s/base',
      text
        .split('---\n')
        .filter((one) => !/^kind: Namespace$[\s\S]*name: (monitoring|telemetry-app)$/m.test(one))
        .join('---\n'),
    );
    expect(await stack.run('install', '--target', 'dev', '--helm')).toMatchObject({ code: 0 });
    const found = stack.cluster.objects.find(({ metadata }) => metadata.name === 'monitoring');
    expect(found).toEqual(theirs);
  });
});

describe('a context where a mistake would hurt', () => {
  it.each([
    ['install', 'dev', 'eu-prod-1'],
    ['deploy', 'k3s', 'production'],
    ['deploy', 'k3s', 'EU-PROD-1'],
    ['seed', 'staging', 'live'],
    ['cleanup', 'minikube', 'prod'],
  ])('%s --target %s in context %s is refused without --yes', async (verb, target, context) => {
    stack = await startStack();
    stack.cluster.currentContext = context;
    const { code, stderr } = await stack.run(verb, '--target', target, '--context', context);
    expect(code).toBe(1);
    expect(stderr).toContain(`the context ${context} looks like production\n       say --yes`);
    expect(stack.changes()).toEqual([]);
  });

  it.each([
    ['k3s', 'default', 'v1.34.1-eks-1'],
    ['microk8s', 'team', 'v1.34.1'],
    ['minikube', 'team', 'v1.34.1'],
    ['kind', 'team', 'v1.34.1'],
  ])('that does not look like %s has to be confirmed by a person', async (target, context, version) => {
    stack = await startStack(['kubectl', 'docker']);
    Object.assign(stack.cluster, { currentContext: context, version });
    const { code, stderr } = await stack.run('install', '--target', target, '--context', context);
    expect(code).toBe(1);
    expect(stderr).toContain(`The cluster of context ${context} does not look like ${target}.`);
    expect(stack.changes()).toEqual([]);
  });

  it.each([
    ['microk8s', 'microk8s.io/cluster', 'true'],
    ['minikube', 'minikube.k8s.io/name', 'lab'],
  ])('looks like %s by the label of its nodes, whatever its name', async (target, label, value) => {
    stack = await startStack(['kubectl', 'docker']);
    const [node] = stack.cluster.objects.filter(({ kind }) => kind === 'Node');
    if (node !== undefined) node.metadata.labels = { [label]: value };
    expect(await stack.run('install', '--target', target, '--context', 'lab')).toMatchObject({ code: 0 });
  });

  it.each(['staging', 'production'])('of target %s has to be confirmed by a person', async (target) => {
    stack = await startStack();
    stack.cluster.currentContext = 'somewhere';
    const { code, stderr } = await stack.run('install', '--target', target);
    expect(code).toBe(1);
    expect(stderr).toContain('This changes the cluster of context somewhere. Nobody is there to ask.');
    expect(stack.changes()).toEqual([]);
  });

  it('is not seen in a word that only contains one', async () => {
    stack = await startStack();
    stack.cluster.currentContext = 'reproduction-delivery';
    expect(await stack.run('install', '--target', 'dev')).toMatchObject({ code: 0 });
  });
});
