import { describe, expect, it } from 'vitest';
import { whyMissing } from '../real/real-programs.ts';
import { chartObjects, objectOf, scalerContainer } from './chart.ts';
import { chartFolder, dryInstall } from './rendered.ts';
import { workloadsOf } from './workload.ts';

const missing = await whyMissing('helm');
const scalerOf = async (set: string, ...values: readonly string[]) =>
  workloadsOf(await chartObjects(set, ...values)).find(({ isServer }) => isServer);

describe.skipIf(missing)('the chart on the platforms of others (needs helm)', () => {
  it('leaves user and groups to OpenShift where they are null, in the pods of helm test as well', async () => {
    const workloads = workloadsOf(await chartObjects('openshift'));
    expect(workloads.map(({ manifest }) => manifest.kind).sort()).toEqual(['Deployment', 'Pod', 'Pod']);
    for (const { pod } of workloads) {
      expect(JSON.stringify(pod)).not.toMatch(/runAsUser|runAsGroup|fsGroup"/);
      // What restricted-v2 asks of a pod beside its user.
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext } of pod.containers)
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
    }
  });

  it('runs as 65532 elsewhere, with a group that reads its Secrets', async () => {
    const sets = ['default', 'existing-secrets', 'exposed', 'kube-prometheus-stack', 'mutual-tls'];
    const shared = { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 };
    for (const set of [...sets, 'persistent', 'signing-proxy']) {
      const workloads = workloadsOf(await chartObjects(set));
      expect(workloads.length).toBeGreaterThan(0);
      for (const { pod } of workloads) expect(pod.securityContext).toMatchObject(shared);
    }
  });

  it('binds its own account to a role by a template in extraObjects', async () => {
    const manifests = await chartObjects('openshift');
    const { subjects } = objectOf(manifests, 'ClusterRoleBinding') as unknown as { subjects: object[] };
    const { name, namespace } = objectOf(manifests, 'ServiceAccount').metadata;
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }]);
  });

  it('asks names at the port that the platform has for them, in the pods of helm test as well', async () => {
    const policies = (await chartObjects('openshift')).filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toHaveLength(2);
    for (const { spec } of policies) {
      const { egress } = spec as { egress: { ports: { port: number; protocol?: string }[] }[] };
      const ofNames = egress.map(({ ports }) => ports).filter((ports) => ports[0]?.protocol === 'UDP');
      expect(ofNames).toEqual([
        [
          { port: 5353, protocol: 'UDP' },
          { port: 5353, protocol: 'TCP' },
        ],
      ]);
    }
  });

  it('runs a proxy beside the scaler, with arguments and environment that it was given', async () => {
    const pod = (await scalerOf('signing-proxy'))?.pod;
    expect(pod?.initContainers?.map(({ name }) => name)).toEqual(['signing-proxy']);
    const container = scalerContainer(await chartObjects('signing-proxy'));
    expect(container).toMatchObject({ args: ['dist/cli/main.js', 'serve', '--log-level=debug'] });
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'forescale-proxy' } }]);
    expect(container.securityContext).toMatchObject({ runAsUser: 65532, readOnlyRootFilesystem: true });
  });

  it('takes the image from a mirror of all registries, by its digest', async () => {
    expect(scalerContainer(await chartObjects('existing-secrets')).image).toMatch(
      /^registry\.example\.com\/platform\/forescale@sha256:[0-9a-f]{64}$/,
    );
    const set = ['image.registry=mirror.example.com:5000', 'image.tag=1.2.3'];
    expect(scalerContainer(await chartObjects('default', ...set)).image).toBe(
      'mirror.example.com:5000/forescale:1.2.3',
    );
  });

  it('puts common annotations on every object, and those of an object win', async () => {
    const set = ['commonAnnotations.owner=platform', 'service.annotations.owner=shop', 'tests.enabled=true'];
    const manifests = await chartObjects('exposed', ...set);
    expect(manifests.length).toBeGreaterThan(8);
    const owners = manifests.map(({ kind, metadata }) => [kind, metadata.annotations?.['owner']]);
    expect(owners.filter(([, owner]) => owner === undefined)).toEqual([]);
    expect(owners.filter(([, owner]) => owner === 'shop')).toEqual([['Service', 'shop']]);
    expect(objectOf(manifests, 'Pod').metadata.annotations?.['helm.sh/hook']).toBe('test');
  });

  it('replaces fields of a probe and leaves the others', async () => {
    const { startupProbe, readinessProbe } = scalerContainer(await chartObjects('persistent'));
    expect(startupProbe).toMatchObject({ failureThreshold: 120, periodSeconds: 2 });
    expect(readinessProbe).toMatchObject({ periodSeconds: 10, grpc: { port: 6000 } });
  });

  it('replaces pods as it was told', async () => {
    const strategyOf = async (...set: readonly string[]) =>
      objectOf(await chartObjects('default', ...set), 'Deployment').spec?.['strategy'];
    expect(await strategyOf('strategy.rollingUpdate.maxSurge=2')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 0, maxSurge: 2 },
    });
    expect(await strategyOf('strategy.type=Recreate', 'strategy.rollingUpdate=null')).toEqual({
      type: 'Recreate',
    });
  });

  it('leaves an alert out and gives the others labels, in the namespace of Prometheus', async () => {
    interface Rule {
      readonly alert?: string;
      readonly labels?: Readonly<Record<string, string>>;
    }
    const rulesOf = async (set: string) => {
      const rule = objectOf(await chartObjects(set), 'PrometheusRule');
      const { groups } = rule.spec as { groups: { name: string; rules: Rule[] }[] };
      return { namespace: rule.metadata.namespace, groups, rules: groups.flatMap(({ rules }) => rules) };
    };
    const [all, some] = [await rulesOf('kube-prometheus-stack'), await rulesOf('mutual-tls')];
    const names = ({ rules }: { rules: Rule[] }) => rules.flatMap(({ alert = [] }) => alert);
    expect(names(all)).toContain('ForescaleDown');
    expect(names(some)).toEqual(names(all).filter((name) => name !== 'ForescaleDown'));
    expect(some.groups.map(({ name }) => name)).toEqual(all.groups.map(({ name }) => name));
    const teams = some.rules.map(({ alert, labels }) => [alert !== undefined, labels?.['team']]);
    expect(new Set(teams.map((pair) => pair.join()))).toEqual(new Set(['true,platform', 'false,']));
    expect(some.rules.find(({ alert }) => alert !== undefined)?.labels?.['severity']).toBeDefined();
    expect([all.namespace, some.namespace]).toEqual(['forescale', 'monitoring']);
  });

  it('publishes every host of the Ingress, all under one certificate', async () => {
    const { tls, rules } = objectOf(await chartObjects('exposed'), 'Ingress').spec as {
      tls: { hosts: string[] }[];
      rules: { host: string }[];
    };
    expect(rules.map(({ host }) => host)).toHaveLength(2);
    expect(tls.map(({ hosts }) => hosts)).toEqual([rules.map(({ host }) => host)]);
  });

  it('has its ports of the Service wherever they are named, and gives replicas those of the pods', async () => {
    const manifests = await chartObjects('exposed', 'tests.enabled=true');
    const service = objectOf(manifests, 'Service', 'forescale').spec as { ports: object[] };
    expect(service).toMatchObject({ type: 'NodePort', externalTrafficPolicy: 'Local' });
    expect(service.ports).toMatchObject([
      { name: 'grpc', port: 443, nodePort: 30600, targetPort: 'grpc' },
      { name: 'http', port: 80, nodePort: 30601, targetPort: 'http' },
    ]);
    for (const [kind, port] of Object.entries({ GRPCRoute: 443, HTTPRoute: 80 }))
      expect(JSON.stringify(objectOf(manifests, kind).spec)).toContain(`"port":${port}`);
    expect(objectOf(manifests, 'Service', '-peers').spec).toMatchObject({ ports: [{ port: 8080 }] });
    const pods = workloadsOf(manifests).filter(({ manifest }) => manifest.kind === 'Pod');
    expect(pods.length).toBeGreaterThan(0);
    const env = pods.flatMap(({ pod }) => pod.containers.flatMap((container) => container.env ?? []));
    const valuesOf = (name: string) =>
      new Set(env.filter((one) => one.name === name).map(({ value }) => value));
    expect(valuesOf('TEST_GRPC_ADDRESS')).toEqual(new Set(['forescale.forescale.svc:443']));
    expect(valuesOf('TEST_HTTP_URL')).toEqual(new Set(['http://forescale.forescale.svc:80']));
    const notes = await dryInstall(['--values', `${chartFolder}/ci/exposed.yaml`]);
    expect(notes).toContain('scalerAddress: forescale.forescale.svc.cluster.local:443');
    expect(notes).toContain('port-forward service/forescale 8080:80');
  });

  it('leaves the kind, ports and selector of the Service to their own values', async () => {
    await expect(chartObjects('default', 'service.spec.selector.app=other')).rejects.toThrow(/service/);
  });

  it('lets a ServiceMonitor find every pod once', async () => {
    for (const set of ['kube-prometheus-stack', 'mutual-tls']) {
      const manifests = await chartObjects(set, 'persistence.enabled=true');
      const { selector, endpoints } = objectOf(manifests, 'ServiceMonitor').spec as {
        selector: { matchLabels: Record<string, string> };
        endpoints: { port: string }[];
      };
      const found = manifests.filter(
        ({ kind, metadata, spec }) =>
          kind === 'Service' &&
          Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels?.[name] === value) &&
          ((spec?.['ports'] ?? []) as { name: string }[]).some(({ name }) => name === endpoints[0]?.port),
      );
      expect(found.map(({ metadata }) => metadata.name)).toEqual(['forescale']);
    }
  });

  it('runs further containers beside the scaler, which stays the first', async () => {
    const pod = (await scalerOf('signing-proxy'))?.pod;
    expect(pod?.containers.map(({ name }) => name)).toEqual(['forescale', 'log-shipper']);
    const placed = (await scalerOf('persistent'))?.pod as unknown as Record<string, unknown>;
    expect(placed).toMatchObject({ dnsPolicy: 'None', hostAliases: [{ ip: '192.0.2.10' }] });
  });
});
