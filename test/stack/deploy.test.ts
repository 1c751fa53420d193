import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import { type Stack, startStack } from './stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'forescale-deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));

let stack: Stack;
afterEach(async () => {
  expect(stack.cluster.notUnderstood).toEqual([]);
  expect(stack.leftBehind()).toEqual([]);
  await stack.close();
});

/** A cluster after `install`, with doubles of `programs`. */
async function installed(programs: readonly string[]): Promise<void> {
  stack = await startStack(programs, clusterDouble([...recorded('cluster.yaml'), ...recorded('keda.yaml')]));
}

/** Changes in their order, without the name of the scratch folder, and whoever runs the test. */
const changes = () =>
  stack.changes().map((line) => line.replace(/TMP\/forescale-stack\.\w+/g, 'SCRATCH').replace(/^sudo /, ''));
const apply = 'apply --server-side --field-manager=forescale-stack -k ./k8s/overlays/';
const image = 'docker.io/library/forescale:0.1.0';

describe('./stack deploy', () => {
  it.each([
    ['k3s', ['k3s', 'docker', 'sudo'], 'default', 'k3s kubectl', 'k3s ctr images import SCRATCH/image.tar'],
    [
      'microk8s',
      ['microk8s', 'docker'],
      'microk8s',
      'microk8s kubectl',
      'microk8s ctr image import SCRATCH/image.tar',
    ],
    [
      'minikube',
      ['kubectl', 'minikube', 'docker'],
      'minikube',
      'kubectl',
      'minikube --profile minikube image load SCRATCH/image.tar',
    ],
    [
      'kind',
      ['kubectl', 'kind', 'docker'],
      'kind-lab',
      'kubectl',
      'kind load image-archive SCRATCH/image.tar --name lab',
    ],
  ])(
    'to %s builds the image, imports it and applies the overlay, in this order',
    async (target, programs, context, kubectl, importing) => {
      await installed(programs);
      stack.cluster.currentContext = context;
      const { code, stderr } = await stack.run('deploy', '--target', target);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(changes()).toEqual([
        `docker build --build-arg VERSION=0.1.0 --tag ${image} .`,
        `docker save --output SCRATCH/image.tar ${image}`,
        importing,
        `${kubectl} ${apply}${target}`,
      ]);
      const waits = stack.typed().filter((line) => line.includes('rollout status'));
      expect(waits.map((line) => line.split('rollout status ')[1])).toEqual([
        'deployment.apps/forescale -n forescale',
        'statefulset.apps/prometheus -n monitoring',
        'deployment.apps/app-a -n telemetry-app',
      ]);
    },
  );

  it.each([
    [
      'podman',
      [
        `podman build --build-arg VERSION=0.1.0 --tag ${image} .`,
        `podman save --format docker-archive --output SCRATCH/image.tar ${image}`,
      ],
    ],
    [
      'buildah',
      [
        `buildah build --build-arg VERSION=0.1.0 --tag ${image} .`,
        `buildah push ${image} docker-archive:SCRATCH/image.tar:${image}`,
      ],
    ],
  ])('builds with %s where Docker does not work', async (builder, expected) => {
    await installed(['kubectl', 'kind', 'docker', builder]);
    stack.others.set('docker info', { code: 1 });
    await stack.run('deploy', '--target', 'kind');
    expect(changes().slice(0, 2)).toEqual(expected);
  });

  it('says what to do where nothing can build the image', async () => {
    await installed(['kubectl', 'kind']);
    expect(await stack.run('deploy', '--target', 'kind')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('give it one, or an archive made elsewhere: --archive FILE'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it('imports an archive that is given, and builds nothing then', async () => {
    await installed(['kubectl', 'kind']);
    const archive = join(folder, 'an image.tar');
    writeFileSync(archive, 'an image');
    await stack.run('deploy', '--target', 'kind', '--archive', archive);
    expect(changes()[0]).toBe(`kind load image-archive ${archive} --name forescale`);
    expect(changes()[1]).toBe(`kubectl ${apply}kind`);
    expect(stack.calls.filter(({ program }) => program === 'docker')).toEqual([]);
  });

  it('puts --image in the place of ours, wherever ours stands, and in no other', async () => {
    await installed(['kubectl']);
    expect(await stack.run('deploy', '--target', 'staging', '--yes')).toMatchObject({ code: 1 });
    const { code } = await stack.run(
      'deploy',
      '--target',
      'staging',
      '--yes',
      '--image',
      'registry.example/team/forescale:7',
    );
    expect(code).toBe(0);
    expect(changes()).toEqual(['kubectl apply --server-side --field-manager=forescale-stack -f -']);
    const images = JSON.stringify(stack.cluster.objects).match(/"image":"[^"]*"/g);
    expect(new Set(images)).toEqual(
      new Set([
        '"image":"ghcr.io/kedacore/keda:2.20.2"',
        '"image":"registry.example/team/forescale:7"',
        '"image":"prom/prometheus:v3.14.0"',
        '"image":"grafana/k6:2.2.0"',
      ]),
    );
  });

  it('restarts what runs the image when its content is new, and only then', async () => {
    await installed(['kubectl', 'kind', 'docker']);
    const restarts = () => stack.changes().filter((line) => line.includes('rollout restart'));
    stack.others.set('docker image inspect', { stdout: 'sha256:1\n' });
    await stack.run('deploy', '--target', 'kind');
    await stack.run('deploy', '--target', 'kind');
    expect(restarts()).toEqual([]);
    stack.others.set('docker image inspect', { stdout: 'sha256:2\n' });
    await stack.run('deploy', '--target', 'kind');
    expect(restarts()).toEqual([
      'kubectl rollout restart deployment/forescale -n forescale',
      'kubectl rollout restart deployment/app-a -n telemetry-app',
    ]);
  });

  it('twice leaves the cluster as once did', async () => {
    await installed(['kubectl', 'kind', 'docker']);
    await stack.run('deploy', '--target', 'kind');
    const once = structuredClone(stack.cluster.objects);
    expect(once.some(({ metadata }) => metadata.name === 'app-a')).toBe(true);
    expect(await stack.run('deploy', '--target', 'kind')).toMatchObject({ code: 0 });
    expect(stack.cluster.objects).toEqual(once);
  });

  it('prints the manifests and the commands with --dry-run, and changes nothing', async () => {
    await installed(['kubectl', 'k3s', 'docker']);
    const { code, stdout, stderr } = await stack.run('deploy', '--target', 'k3s', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('kind: ScaledObject');
    expect(stdout).not.toContain('would run');
    expect(stderr).toMatch(/would run: docker build .*\n.*would run: docker save/s);
    expect(stderr).toMatch(/would run: .*k3s ctr images import/);
    expect(stack.changes()).toEqual([]);
  });

  it('is refused before KEDA is there', async () => {
    stack = await startStack(['kubectl', 'kind', 'docker']);
    expect(await stack.run('deploy', '--target', 'kind')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KEDA is not installed\n       ./stack install --target kind'),
    });
    expect(stack.changes()).toEqual([]);
  });

  it.each(['dev', 'production'])('to %s is refused while the image is in no registry', async (target) => {
    await installed(['kubectl']);
    const { code, stderr } = await stack.run('deploy', '--target', target, '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `push it to yours, then: ./stack deploy --target ${target} --image REGISTRY/forescale:0.1.0`,
    );
    expect(stack.changes()).toEqual([]);
  });

  it.each([
    ['manifests', 'apply', 'Error from server: Apply failed with 1 conflict', 'the manifests were not taken'],
    ['questions', 'get deployments,statefulsets,daemonsets', 'Error: timeout', 'not everything came up'],
    ['workloads', 'rollout status', 'error: timed out waiting for the condition', 'not everything came up'],
  ])('fails when the %s fail, with what kubectl said and where to look', async (_what, call, said, words) => {
    await installed(['kubectl', 'kind', 'docker']);
    stack.cluster.overrides.set(call, { code: 1, stderr: `${said}\n` });
    const { code, stderr } = await stack.run('deploy', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toContain(said);
    expect(stderr).toContain(words);
  });

  it.each([
    ['docker build', 'kind load'],
    ['kind load', 'kubectl apply'],
  ])('goes no further when %s fails', async (failing, next) => {
    await installed(['kubectl', 'kind', 'docker']);
    stack.others.set(failing, { code: 1, stderr: 'it failed\n' });
    const { code, stderr } = await stack.run('deploy', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toContain('it failed');
    expect(stack.changes().filter((line) => line.startsWith(next))).toEqual([]);
  });
});

describe('./stack deploy --helm', () => {
  it('installs or upgrades the chart as a whole or not at all', async () => {
    await installed(['kubectl', 'kind', 'docker', 'helm']);
    expect(await stack.run('deploy', '--target', 'kind', '--helm', '--timeout', '90s')).toMatchObject({
      code: 0,
    });
    expect(changes().at(-1)).toBe(
      'helm --kube-context kind-forescale upgrade --install forescale ./k8s/charts/forescale --namespace forescale --create-namespace --atomic --wait --timeout 90s',
    );
    expect(changes().filter((line) => line.includes('kubectl apply'))).toEqual([]);
  });

  it('gives Helm the kubeconfig of the kubectl in use, for that context alone', async () => {
    await installed(['kubectl', 'k3s', 'docker', 'helm', 'sudo']);
    stack.cluster.overrides.set('config view', { stdout: 'kind: Config\n' });
    await stack.run('deploy', '--target', 'k3s', '--helm', '--context', 'default');
    const lines = stack.calls.map(({ program, args }) => [program, ...args].join(' '));
    expect(lines).toContain('k3s kubectl config view --raw --flatten --minify --context=default');
    expect(lines.at(-1)).not.toContain('config view');
  });

  it('hands on values and image', async () => {
    await installed(['kubectl', 'helm']);
    const values = join(folder, 'some values.yaml');
    writeFileSync(values, '{}\n');
    await stack.run(
      'deploy',
      '--target',
      'dev',
      '--helm',
      '--values',
      values,
      '--image',
      'r.example:5000/forescale:7',
    );
    expect(changes().at(-1)).toMatch(
      / --values .*some values\.yaml --set-string image\.repository=r\.example:5000\/forescale --set-string image\.tag=7$/,
    );
  });

  it('only renders with --dry-run', async () => {
    await installed(['kubectl', 'kind', 'docker', 'helm']);
    stack.others.set('helm', { stdout: 'MANIFEST:\n' });
    expect(await stack.run('deploy', '--target', 'kind', '--helm', '--dry-run')).toMatchObject({
      code: 0,
      stdout: 'MANIFEST:\n',
    });
    expect(stack.changes()).toEqual([]);
    expect(stack.typed().at(-1)).toMatch(/^helm .* --dry-run=client$/);
  });

  it('fails where the chart does', async () => {
    await installed(['kubectl', 'kind', 'docker', 'helm']);
    stack.others.set('helm', { code: 1, stderr: 'Error: release forescale failed\n' });
    expect(await stack.run('deploy', '--target', 'kind', '--helm')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Helm has taken back what it did'),
    });
  });
});

describe('the compose stack and the stack in a local cluster', () => {
  const running = {
    stdout: 'NAME        STATUS       CONFIG FILES\nforescale   running(7)   /x/compose.yaml\n',
  };

  it('are not both deployed: a cluster is refused while compose runs', async () => {
    await installed(['kubectl', 'kind', 'docker']);
    stack.others.set('docker compose ls', running);
    const { code, stderr } = await stack.run('deploy', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'the compose stack runs on this machine: running(7)\n       ./stack cleanup --target compose',
    );
    expect(stack.changes()).toEqual([]);
    expect(await stack.run('deploy', '--target', 'kind', '--beside')).toMatchObject({ code: 0 });
  });

  it('are not both deployed: compose is refused while a local cluster has the stack', async () => {
    stack = await startStack(['kubectl', 'docker'], clusterDouble(recorded('overlay.yaml')));
    stack.cluster.currentContext = 'minikube';
    for (const port of [8000, 8080, 9090, 3000]) stack.edit('k8s/stack/port-table.sh', `|${port}|/`, '|1|/');
    stack.edit('k8s/stack/port-table.sh', 'compose_grpc_port=6000', 'compose_grpc_port=1');
    const { code, stderr } = await stack.run('deploy', '--target', 'compose');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'the stack is deployed in the local cluster of context minikube\n       ./stack cleanup',
    );
    expect(stack.changes()).toEqual([]);
    expect(await stack.run('deploy', '--target', 'compose', '--beside')).toMatchObject({ code: 0 });
    expect(stack.changes().at(-1)).toMatch(/^docker compose .* up --build --detach --wait$/);
  });

  it('do not look at each other where the cluster is on other machines', async () => {
    await installed(['kubectl', 'docker']);
    stack.others.set('docker compose ls', running);
    expect(await stack.run('deploy', '--target', 'dev', '--image', 'r.example/forescale:7')).toMatchObject({
      code: 0,
    });
  });

  it('refuse ports that a Service of somebody else has', async () => {
    await installed(['kubectl', 'kind', 'docker']);
    stack.cluster.objects.push({
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { ports: [{ port: 80, nodePort: 30080 }] },
    });
    const { code, stderr } = await stack.run('deploy', '--target', 'kind');
    expect(code).toBe(1);
    expect(stderr).toContain('NodePorts are taken by other Services: 30080 default/shop');
    expect(stack.changes()).toEqual([]);
  });
});
