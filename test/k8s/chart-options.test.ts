import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { whyMissing } from '../real/real-programs.ts';
import { chartObjects, objectOf, scalerContainer } from './chart.ts';
import { ofKind } from './manifest.ts';
import { dryInstall } from './rendered.ts';
import { workloadsOf } from './workload.ts';

const missing = await whyMissing('helm');

describe.skipIf(missing)('the chart (needs helm)', () => {
  it('is two replicas of the image of its own version, unless told otherwise', async () => {
    const manifests = await chartObjects('default');
    const deployment = objectOf(manifests, 'Deployment');
    expect(deployment.spec?.['replicas']).toBe(2);
    expect(scalerContainer(manifests).image).toMatch(/^forescale:\d+\.\d+\.\d+$/);
    expect(scalerContainer(await chartObjects('existing-secrets')).image).toMatch(
      /^registry\.example\.com\/platform\/forescale@sha256:[0-9a-f]{64}$/,
    );
  });

  it('says at install that an image of no registry has to be brought first', async () => {
    const warning = /\nTHE IMAGE forescale:\d+\.\d+\.\d+ IS IN NO REGISTRY: /;
    expect(await dryInstall([])).toMatch(warning);
    const pushed = await dryInstall(['--set', 'image.repository=registry.example.com/forescale']);
    expect(pushed).toContain('\nNOTES:\n');
    expect(pushed).not.toMatch(warning);
  });

  it('asks gRPC for readiness, and with TLS, which the kubelet’s gRPC probe does not support, HTTPS', async () => {
    const plain = scalerContainer(await chartObjects('default'));
    expect(plain.readinessProbe).toMatchObject({ grpc: { port: 6000 } });
    expect(plain.livenessProbe?.httpGet?.scheme).toBe('HTTP');
    for (const set of ['existing-secrets', 'mutual-tls']) {
      const { startupProbe, readinessProbe, livenessProbe } = scalerContainer(await chartObjects(set));
      expect([startupProbe, readinessProbe, livenessProbe].filter((probe) => probe?.grpc)).toEqual([]);
      expect(startupProbe).toMatchObject({ tcpSocket: { port: 'grpc' } });
      expect(readinessProbe).toMatchObject({ httpGet: { path: '/readyz', scheme: 'HTTPS' } });
      expect(livenessProbe).toMatchObject({ httpGet: { path: '/healthz', scheme: 'HTTPS' } });
    }
  });

  it('lets KEDA in at gRPC, Prometheus and tests where they ask, and goes out to Prometheus and names alone', async () => {
    const { spec } = objectOf(await chartObjects('default'), 'NetworkPolicy', 'forescale');
    const { ingress, egress } = spec as {
      ingress: { from: Peer[]; ports: { port: string }[] }[];
      egress: { to: Peer[]; ports: { port: number | string }[] }[];
    };
    const space = ({ namespaceSelector }: Peer) =>
      namespaceSelector?.matchLabels['kubernetes.io/metadata.name'];
    expect(ingress.map(({ from, ports }) => [from.map(space), ports.map(({ port }) => port)])).toEqual([
      [['keda'], ['grpc']],
      [['monitoring'], ['http']],
      // The other replicas, and the tests of the chart.
      [[undefined], ['http']],
      [[undefined], ['grpc', 'http']],
    ]);
    expect(ingress[0]?.from[0]?.podSelector?.matchLabels).toEqual({ app: 'keda-operator' });
    expect(ingress[3]?.from[0]?.podSelector?.matchLabels).toMatchObject({
      'app.kubernetes.io/component': 'test',
    });
    expect(egress.map(({ to, ports }) => [to.map(space), ports.map(({ port }) => port)])).toEqual([
      [[undefined], ['http']],
      [['monitoring'], [9090]],
      [
        ['kube-system', undefined],
        [53, 53],
      ],
    ]);
  });

  it('lets the replicas ask one another, and no one else', async () => {
    const objects = await chartObjects('default');
    const peers = objectOf(objects, 'Service', 'forescale-peers');
    expect(peers.spec).toMatchObject({ clusterIP: 'None', ports: [{ port: 8080 }] });
    const [workload] = workloadsOf(objects).filter(({ isServer }) => isServer);
    expect(JSON.stringify(workload)).toContain('http://forescale-peers:8080');
    const { ingress, egress } = objectOf(objects, 'NetworkPolicy', 'forescale').spec as {
      ingress: { from: Peer[] }[];
      egress: { to: Peer[] }[];
    };
    const components = [...ingress.flatMap(({ from }) => from), ...egress.flatMap(({ to }) => to)].map(
      ({ podSelector }) => podSelector?.matchLabels['app.kubernetes.io/component'],
    );
    expect(components.filter((component) => component === 'scaler')).toHaveLength(2);
    const withTls = await chartObjects('default', 'tls.enabled=true', 'tls.existingSecret=tls');
    expect(JSON.stringify(withTls)).toContain('https://forescale-peers:8080');
  });

  it('makes a StatefulSet with a volume for each replica where the state is kept, and a Deployment else', async () => {
    const kept = await chartObjects('persistent');
    expect(ofKind(kept, 'Deployment', 'PersistentVolumeClaim')).toEqual([]);
    const { volumeClaimTemplates } = objectOf(kept, 'StatefulSet').spec as {
      volumeClaimTemplates: { metadata: { name: string } }[];
    };
    expect(volumeClaimTemplates.map(({ metadata }) => metadata.name)).toEqual(['state']);
    const [workload] = workloadsOf(kept).filter(({ isServer }) => isServer);
    expect(workload?.pod.volumes?.map(({ name }) => name)).not.toContain('state');
    expect(ofKind(await chartObjects('default'), 'StatefulSet')).toEqual([]);
  });

  it('rolls the pods when the configuration changes, and only then', async () => {
    const checksum = async (...set: string[]) => {
      const { template } = objectOf(await chartObjects('default', ...set), 'Deployment').spec as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      return template.metadata.annotations['checksum/config'];
    };
    const before = await checksum();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(await checksum('serviceMonitor.enabled=true')).toBe(before);
    expect(await checksum('config.limits.workloads=5')).not.toBe(before);
  });

  it('reads the token of the default source from its Secret, by a profile of that address', async () => {
    const text = objectOf(await chartObjects('existing-secrets'), 'ConfigMap').data?.['forescale.yaml'];
    const { profiles } = parseYaml(text ?? '') as { profiles: Record<string, unknown>[] };
    expect(profiles.map(({ name }) => name)).toEqual(['default', 'mimir-shop']);
    expect(profiles[0]).toEqual({
      name: 'default',
      url: 'https://prometheus.example.com',
      bearerTokenFile: '/etc/forescale/secrets/prometheus-reader/bearer',
    });
  });

  it('has cert-manager certify the names that KEDA, Prometheus and the tests use', async () => {
    const manifests = await chartObjects('mutual-tls');
    const { dnsNames, secretName } = objectOf(manifests, 'Certificate').spec as {
      dnsNames: string[];
      secretName: string;
    };
    expect(dnsNames).toContain('forescale.forescale.svc.cluster.local');
    const { endpoints, jobLabel } = objectOf(manifests, 'ServiceMonitor').spec as {
      endpoints: { tlsConfig: { serverName: string; ca: { secret: { name: string } } } }[];
      jobLabel: string;
    };
    expect(dnsNames).toContain(endpoints[0]?.tlsConfig.serverName);
    expect(endpoints[0]?.tlsConfig.ca.secret.name).toBe(secretName);
    // The job that dashboards and rules ask for, whatever the release is called.
    expect(objectOf(manifests, 'Service').metadata.labels?.[jobLabel]).toBe('forescale');
    const pods = workloadsOf(manifests).filter(({ manifest }) => manifest.kind === 'Pod');
    const env = pods.flatMap(({ pod }) => pod.containers).flatMap((container) => container.env ?? []);
    const url = env.find(({ name }) => name === 'TEST_HTTP_URL')?.value ?? '';
    expect(dnsNames).toContain(new URL(url).hostname);
  });
});

interface Peer {
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}
