import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { clusterDouble } from './cluster-double.ts';
import { recorded } from './recorded.ts';
import type { KubernetesObject } from './selectors.ts';
import { type Stack, startStack } from './stack.ts';

interface Check {
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly found: string;
  readonly remedy: string;
}
interface Diagnosis {
  readonly target: string;
  readonly context: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

let stack: Stack | undefined;
afterEach(() => stack?.close());

async function diagnose(
  target: string,
  change: (objects: KubernetesObject[], stack: Stack) => void,
  programs = ['kubectl', 'k3s', 'docker'],
): Promise<{ code: number | null; diagnosis: Diagnosis; check: (id: string) => Check | undefined }> {
  const cluster = clusterDouble(recorded('cluster.yaml'));
  stack = await startStack(programs, cluster);
  change(cluster.objects, stack);
  const { code, stdout } = await stack.run('doctor', '--target', target, '--json');
  const diagnosis = JSON.parse(stdout) as Diagnosis;
  expect(stack.changes()).toEqual([]);
  expect(cluster.notUnderstood).toEqual([]);
  return { code, diagnosis, check: (id) => diagnosis.checks.find((one) => one.id === id) };
}

/** Sets what a path such as `status.conditions.2.status` leads to in the object `Kind/name`. */
function set(objects: KubernetesObject[], object: string, path: string, value: unknown): void {
  const found = objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === object);
  if (found === undefined) throw new Error(`no ${object}`);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<unknown>((one, step) => (one as Record<string, unknown>)[step], found);
  (parent as Record<string, unknown>)[last] = value;
}

const nothing = () => undefined;

describe('./stack doctor', () => {
  it('finds a fresh K3s fit, says what install will bring, and ends with 0', async () => {
    const { code, diagnosis, check } = await diagnose('k3s', nothing);
    expect(code).toBe(0);
    expect(diagnosis).toMatchObject({ target: 'k3s', context: 'default', ok: true });
    expect(diagnosis.checks.map(({ id }) => id)).toEqual(
      'kubectl curl k3s access kubernetes rights namespaces nodes room storage-class ingress metrics-server cert-manager keda image node-ports'.split(
        ' ',
      ),
    );
    expect(check('keda')).toMatchObject({ status: 'warning', remedy: './stack install brings 2.20.2' });
    // 2 × 100m + 50m + 200m and 2 × 512 + 128 + 1024 MiB, of 4 CPUs and 7939 MiB less what traefik asks for.
    expect(check('room')?.found).toBe('450m CPU and 2176 MiB asked for, 3500m and 7683 MiB free');
  });

  it('prints the same for people, each failure with its remedy below', async () => {
    const cluster = clusterDouble(recorded('cluster.yaml'));
    stack = await startStack(['kubectl', 'k3s', 'docker'], cluster);
    cluster.objects.splice(
      0,
      cluster.objects.length,
      ...cluster.objects.filter(({ kind }) => kind !== 'StorageClass'),
    );
    const { code, stdout } = await stack.run('doctor', '--target', 'k3s');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {3}storage-class +there is none\n +-> install it/m);
    expect(stdout).toMatch(/\n16 checks, 1 failed\n$/);
  });

  const failures: readonly (readonly [
    string,
    string,
    string,
    (objects: KubernetesObject[], stack: Stack) => void,
  ])[] = [
    [
      'nodes',
      'other is not ready',
      'kubectl describe node',
      (objects) => {
        objects.push(structuredClone(objects[0] as KubernetesObject));
        set(objects, 'Node/laptop', 'status.conditions.2.status', 'False');
        set(objects, 'Node/laptop', 'metadata.name', 'other');
      },
    ],
    [
      'nodes',
      'laptop is short of disk',
      'kubectl describe node',
      (objects) => {
        set(objects, 'Node/laptop', 'status.conditions.1.status', 'True');
      },
    ],
    [
      'room',
      '450m CPU and 2176 MiB asked for, 3500m and 1744 MiB free',
      'add a node',
      (objects) => {
        set(objects, 'Node/laptop', 'status.allocatable.memory', '2000Mi');
      },
    ],
    [
      'room',
      'asked for, 0m and 0 MiB free',
      'add a node',
      (objects) => {
        set(objects, 'Node/laptop', 'spec', { unschedulable: true });
      },
    ],
    [
      'storage-class',
      'none is the default',
      'kubectl patch storageclass',
      (objects) => {
        set(objects, 'StorageClass/local-path', 'metadata.annotations', {});
      },
    ],
    [
      'rights',
      'not allowed: create secrets, create secrets',
      'cluster administrator',
      (_objects, { cluster }) => {
        cluster.denied.add('create secrets');
      },
    ],
    [
      'namespaces',
      'there, and not ours: monitoring',
      'label namespace monitoring app.kubernetes.io/part-of=forescale',
      (objects) => {
        objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } });
      },
    ],
    [
      'kubernetes',
      'v1.30.14',
      'Kubernetes 1.31.0 or newer',
      (_objects, { cluster }) => {
        cluster.version = 'v1.30.14';
      },
    ],
    [
      'keda',
      '2.14.0',
      'KEDA 2.17.0 or newer',
      (objects) => {
        objects.push(...recorded('keda.yaml'));
        set(
          objects,
          'Deployment/keda-operator',
          'spec.template.spec.containers.0.image',
          'ghcr.io/kedacore/keda:2.14.0@sha256:0',
        );
      },
    ],
    [
      'keda',
      'no operator runs',
      'remove what is left',
      (objects) => {
        objects.push(...recorded('keda.yaml').filter(({ kind }) => kind === 'CustomResourceDefinition'));
      },
    ],
    [
      'external-metrics',
      'served by monitoring/prometheus-adapter',
      'remove the other adapter',
      (objects) => {
        objects.push(...recorded('keda.yaml'));
        set(objects, 'APIService/v1beta1.external.metrics.k8s.io', 'spec.service', {
          namespace: 'monitoring',
          name: 'prometheus-adapter',
        });
      },
    ],
    [
      'node-ports',
      '30090 default/old-prometheus',
      'delete those Services',
      (objects) => {
        objects.push({
          kind: 'Service',
          metadata: { name: 'old-prometheus', namespace: 'default' },
          spec: { ports: [{ nodePort: 30090 }] },
        });
      },
    ],
    [
      'compose',
      'the compose stack runs: running(7)',
      '--target compose',
      (_objects, { others }) => {
        others.set('docker compose ls', {
          stdout: 'NAME        STATUS       CONFIG FILES\nforescale   running(7)   /x/compose.yaml\n',
        });
      },
    ],
    [
      'image',
      'neither docker, podman nor buildah works here',
      '--archive FILE',
      (_objects, { others }) => {
        others.set('docker info', { code: 1 });
      },
    ],
  ];

  it.each(failures)(
    'fails %s that is "%s", and says how it is put right',
    async (id, found, remedy, change) => {
      const { code, diagnosis, check } = await diagnose('k3s', change);
      expect(code).toBe(1);
      expect(diagnosis.ok).toBe(false);
      expect(check(id)?.status).toBe('failed');
      expect(check(id)?.found).toContain(found);
      expect(check(id)?.remedy).toContain(remedy);
      expect(diagnosis.checks.filter(({ status }) => status === 'failed').map((one) => one.id)).toEqual([id]);
      expect(diagnosis.checks.filter((one) => one.status !== 'ok' && one.remedy === '')).toEqual([]);
    },
  );

  it('stops at a cluster that does not answer, for nothing else can be known', async () => {
    const { code, diagnosis } = await diagnose('microk8s', (_objects, { cluster }) => {
      cluster.overrides.set('get', { code: 1, stderr: 'refused\n' });
    });
    expect(code).toBe(1);
    expect(diagnosis.checks.map(({ id }) => id)).toEqual(['kubectl', 'curl', 'microk8s', 'access']);
    expect(diagnosis.checks[3]).toMatchObject({
      status: 'failed',
      remedy: 'microk8s start; be of the group microk8s',
    });
  });

  it('says what to install where there is nothing at all', async () => {
    const { code, diagnosis } = await diagnose('kind', nothing, []);
    expect(code).toBe(1);
    expect(diagnosis.checks.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual([
      'kubectl',
      'kind',
      'access',
    ]);
  });

  it('knows a port of this machine that somebody else listens on, and one of its own', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const useThatPort = (one: Stack) => one.edit('k8s/stack/port-table.sh', '30082', String(port));
    const taken = await diagnose('k3s', (_objects, one) => useThatPort(one));
    expect(taken.check('ports')).toMatchObject({
      status: 'failed',
      found: `taken on this machine: ${port}`,
    });
    await stack?.close();
    const own = await diagnose('k3s', (objects, one) => {
      useThatPort(one);
      objects.push(...recorded('overlay.yaml').filter(({ kind }) => kind === 'Service'));
      set(objects, 'Service/forescale-node-port', 'spec.ports.0.nodePort', port);
    });
    expect(own.check('ports')).toBeUndefined();
    expect(own.code).toBe(0);
    server.close();
  });

  it('wants certificates and an ingress controller only where the overlay has use for them', async () => {
    const certificate = 'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: a\n';
    const { check } = await diagnose('staging', (objects, { cluster }) => {
      cluster.rendered.set(
        'k8s/overlays/staging',
        `${certificate}---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n`,
      );
      objects.splice(0, objects.length, ...objects.filter(({ kind }) => kind !== 'IngressClass'));
    });
    expect(check('cert-manager')).toMatchObject({ status: 'failed' });
    expect(check('ingress')).toMatchObject({ status: 'failed' });
    expect(check('image')).toBeUndefined();
  });

  it('names a Service that waits for its address, where the overlay has one of the kind', async () => {
    const balanced =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports: []\n  type: LoadBalancer\n';
    const { check } = await diagnose('staging', (objects, { cluster }) => {
      cluster.rendered.set('k8s/overlays/staging', balanced);
      objects.push({
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { type: 'LoadBalancer' },
      });
    });
    expect(check('load-balancer')).toMatchObject({ status: 'failed', found: 'without an address: shop/web' });
  });

  it('wants the storage class that the overlay names, be there another default or not', async () => {
    const wanting =
      (name: string) =>
      (_objects: KubernetesObject[], { cluster }: Stack) => {
        const claim = `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: a\nspec:\n  storageClassName: ${name}\n`;
        cluster.rendered.set('k8s/overlays/staging', claim);
      };
    const { check } = await diagnose('staging', wanting('longhorn'));
    expect(check('storage-class')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('install Longhorn'),
    });
    await stack?.close();
    const fine = await diagnose('staging', wanting('local-path'));
    expect(fine.check('storage-class')).toMatchObject({ status: 'ok' });
  });

  it('asks for the chart only what the scaler alone needs', async () => {
    const cluster = clusterDouble(recorded('cluster.yaml').filter(({ kind }) => kind !== 'StorageClass'));
    stack = await startStack(['kubectl', 'helm'], cluster);
    const whole = cluster.rendered.get('k8s/base') ?? '';
    const scaler = whole.split('---\n').filter((one) => /^ {2}(?:namespace|name): forescale$/m.test(one));
    expect(scaler.length).toBeGreaterThan(2);
    cluster.rendered.set('k8s/base', scaler.join('---\n'));
    const { code, stdout } = await stack.run('doctor', '--target', 'dev', '--helm', '--json');
    const { checks } = JSON.parse(stdout) as Diagnosis;
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(checks.find(({ id }) => id === 'room')?.found).toMatch(/^200m CPU and 1024 MiB asked for/);
    expect(code).toBe(0);
  });

  it('warns of a context that looks like production', async () => {
    const { check } = await diagnose('dev', (_objects, { cluster }) => {
      cluster.currentContext = 'eu-prod-1';
    });
    expect(check('context')).toMatchObject({
      status: 'warning',
      remedy: 'every verb that changes something needs --yes',
    });
  });

  it('of compose asks for Docker with Compose, and whether a local cluster has the stack already', async () => {
    const fine = await diagnose('compose', nothing);
    expect(fine.diagnosis.checks.map(({ id }) => id)).toContain('docker');
    expect(fine.check('cluster')).toBeUndefined();
    await stack?.close();
    const both = await diagnose('compose', (objects) => objects.push(...recorded('overlay.yaml')));
    expect(both.check('cluster')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('context default'),
    });
    await stack?.close();
    const none = await diagnose('compose', nothing, ['kubectl']);
    expect(none.check('docker')).toMatchObject({ status: 'failed' });
  });
});
