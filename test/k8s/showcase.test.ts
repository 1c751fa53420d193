import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseScaledObject } from '../../src/keda-sim/index.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { parseServerFile } from '../../src/server/config.ts';
import { settings } from '../../src/telemetry-app/environment.ts';
import { readProjectFile } from '../repository/compose-file.ts';
import { readDocument, section, tableRows } from '../repository/markdown.ts';
import { isPromql } from '../repository/promql.ts';
import { portOf } from '../support/commands.ts';
import { find, type Manifest, podsOf } from './kustomized.ts';
import { describeObject } from './manifest.ts';
import { inAll, localNames, missing, note, overlay, overlayNames, overlays } from './overlays.ts';

const recommended = ['production', 'staging'];
const readme = readDocument('k8s/README.md');
const isClusterWide = ({ kind }: Manifest) => ['Namespace', 'ClusterIssuer'].includes(kind);

describe('the overlays', () => {
  it('are those that the document lists', () => {
    const rows = tableRows(section(readme, 'Environments')).map(([name = '']) => name.replaceAll('`', ''));
    expect(overlayNames.length).toBeGreaterThan(6);
    expect(rows.filter((name) => overlayNames.includes(name)).sort()).toEqual(overlayNames);
  });
});

describe.skipIf(missing)(`every overlay${note}`, () => {
  it('names the namespace of each object, one that it makes or KEDA’s', () => {
    for (const [name, manifests] of overlays) {
      const made = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
      expect(made.sort(), name).toEqual(['forescale', 'monitoring', 'telemetry-app']);
      const rest = manifests.filter((one) => !isClusterWide(one));
      expect(rest.length).toBeGreaterThan(50);
      const strangers = rest.filter(({ metadata }) => ![...made, 'keda'].includes(metadata.namespace ?? ''));
      expect(strangers.map(describeObject)).toEqual([]);
    }
  });

  it('labels each object and each pod as part of forescale, with a name and a component', () => {
    const keys = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app.kubernetes.io/part-of'];
    const bare = inAll((manifests) => [
      ...manifests.filter(({ metadata }) => !keys.every((key) => metadata.labels?.[key])).map(describeObject),
      ...podsOf(manifests)
        .filter(({ labels }) => !keys.every((key) => labels[key]))
        .map(({ owner }) => `pods of ${describeObject(owner)}`),
      ...manifests
        .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/part-of'] !== 'forescale')
        .map(describeObject),
    ]);
    expect(bare).toEqual([]);
  });

  it('holds its namespaces to Pod Security restricted', () => {
    const levels = inAll((manifests) =>
      manifests
        .filter(({ kind }) => kind === 'Namespace')
        .map(({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce']),
    );
    expect(levels.length).toBe(3 * overlays.size);
    expect(levels.filter(([, level]) => level !== 'restricted')).toEqual([]);
  });

  it('has no Secret in it, and no variable or ConfigMap that holds one', () => {
    const secrets = inAll((manifests) => [
      ...manifests.filter(({ kind }) => kind === 'Secret').map(describeObject),
      ...podsOf(manifests).flatMap(({ container }) =>
        (container.env ?? [])
          .filter(({ name }) => /PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY/.test(name) && !/FILE$/.test(name))
          .map(({ name }) => name),
      ),
    ]);
    expect(secrets).toEqual([]);
    const wanted = inAll((manifests) =>
      podsOf(manifests).flatMap(({ owner, template }) =>
        (template.spec.volumes ?? []).flatMap(({ secret }) =>
          secret === undefined ? [] : [`${owner.metadata.namespace}/${secret.secretName}`],
        ),
      ),
    );
    const documented = tableRows(section(readme, 'Secrets')).map(([name = '', namespace = '']) =>
      `${namespace}/${name}`.replaceAll('`', ''),
    );
    expect(documented).toHaveLength(2);
    expect([...new Set(wanted.map(([, name]) => name))].sort()).toEqual(documented.sort());
    const external = find(overlay('production'), 'ExternalSecret', 'grafana-admin').spec;
    expect(external.target.name).toBe('grafana-admin');
  });

  it('scales app-a by KEDA alone', () => {
    for (const [name, manifests] of overlays) {
      const scaled = manifests.filter(({ kind }) => kind === 'ScaledObject');
      expect(scaled.map(describeObject), name).toEqual(['ScaledObject telemetry-app/app-a']);
      expect(scaled[0]?.spec.scaleTargetRef.name).toBe('app-a');
      expect(find(manifests, 'Deployment', 'app-a').spec).not.toHaveProperty('replicas');
      expect(manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
    }
  });

  it('has what is shown on the ports that are promised, where the cluster is on one machine, and on none elsewhere', () => {
    const nodePorts = (manifests: readonly Manifest[]) =>
      manifests
        .filter(({ kind, spec }) => kind === 'Service' && spec.type === 'NodePort')
        .flatMap(({ metadata, spec }) =>
          (spec.ports as { nodePort: number; port: number }[]).map(
            ({ nodePort, port }) =>
              `${nodePort} ${metadata.namespace}/${spec.selector['app.kubernetes.io/name']}:${port}`,
          ),
        )
        .sort();
    const app = `telemetry-app/app-a:${settings.port.default}`;
    const promised = [
      `30080 ${app}`,
      `30081 ${app}`,
      `30082 forescale/forescale:${portOf('FORESCALE_HTTP_ADDRESS')}`,
      '30090 monitoring/prometheus:9090',
      '30300 monitoring/grafana:3000',
    ];
    for (const [name, manifests] of overlays)
      expect(nodePorts(manifests), name).toEqual(localNames.includes(name) ? promised : []);
    expect(readme.text.match(/^\| (30\d{3}) \|/gm)?.map((row) => row.slice(2, 7))).toEqual(
      promised.map((port) => port.slice(0, 5)),
    );
    const kind = parseYaml(readProjectFile('k8s/overlays/kind/cluster.yaml')) as {
      nodes: { extraPortMappings: { containerPort: number; listenAddress: string }[] }[];
    };
    const mapped = kind.nodes.flatMap(({ extraPortMappings }) => extraPortMappings);
    expect(mapped.map(({ containerPort }) => String(containerPort))).toEqual(
      promised.map((port) => port.slice(0, 5)),
    );
    expect(new Set(mapped.map(({ listenAddress }) => listenAddress))).toEqual(new Set(['127.0.0.1']));
  });

  it('stores the history on the class and in the size that the document says', () => {
    const rows = tableRows(section(readme, 'Environments')).filter(([, , , size]) => size?.endsWith('Gi'));
    const stored = overlayNames.map((name) => {
      const [claim] = find(overlay(name), 'StatefulSet', 'prometheus').spec.volumeClaimTemplates;
      const { storageClassName: storage, resources } = claim.spec;
      return [
        `\`${name}\``,
        storage === undefined ? 'the default one' : `\`${storage}\``,
        resources.requests.storage,
      ];
    });
    expect(rows.map(([name, , storage, size]) => [name, storage, size]).sort()).toEqual(stored.sort());
  });

  it('has room in each quota for its claims and for every pod at its most', () => {
    for (const [name, manifests] of overlays) {
      const [claim] = find(manifests, 'StatefulSet', 'prometheus').spec.volumeClaimTemplates;
      const quota = manifests.find(
        ({ kind, metadata }) => kind === 'ResourceQuota' && metadata.namespace === 'monitoring',
      )?.spec.hard;
      expect(Number.parseInt(quota['requests.storage'], 10), name).toBeGreaterThan(
        Number.parseInt(claim.spec.resources.requests.storage, 10),
      );
      for (const namespace of ['forescale', 'monitoring', 'telemetry-app']) {
        const hard = manifests.find(
          ({ kind, metadata }) => kind === 'ResourceQuota' && metadata.namespace === namespace,
        )?.spec.hard;
        const used = podsOf(manifests)
          .filter(({ owner }) => owner.metadata.namespace === namespace)
          .map(({ owner, template }) => {
            const [{ resources }] = template.spec.containers as unknown as [
              { resources: { limits: { memory: string } } },
            ];
            // One more while it is replaced.
            const count = owner.metadata.name === 'app-a' ? 10 : (owner.spec.replicas ?? 1);
            return mebibytes(resources.limits.memory) * (count + 1);
          })
          .reduce((sum, one) => sum + one, 0);
        expect(used).toBeGreaterThan(0);
        expect(mebibytes(hard['limits.memory']), `${name} ${namespace}`).toBeGreaterThanOrEqual(used);
      }
    }
  });

  it('has certificates for each host that is reached from outside, by an issuer it makes', () => {
    for (const [name, manifests] of overlays) {
      const ingresses = manifests.filter(({ kind }) => kind === 'Ingress');
      const shown = { staging: ['app-a', 'forescale', 'grafana'], production: ['app-a', 'grafana'] };
      expect(ingresses.map(({ metadata }) => metadata.name).sort(), name).toEqual(
        shown[name as keyof typeof shown] ?? [],
      );
      for (const { metadata, spec } of ingresses) {
        expect(spec.tls[0].hosts).toEqual([spec.rules[0].host]);
        const issuer = metadata.annotations?.['cert-manager.io/cluster-issuer'] ?? '';
        const { server } = find(manifests, 'ClusterIssuer', issuer).spec.acme;
        expect(String(server).includes('staging')).toBe(name === 'staging');
      }
    }
  });

  it('drops the oldest history before its volume is full', () => {
    const sizes = inAll((manifests) => [find(manifests, 'StatefulSet', 'prometheus').spec]).map(
      ([name, { template, volumeClaimTemplates }]) => {
        const { args } = template.spec.containers[0] as { args: readonly string[] };
        const [, kept] = /--storage\.tsdb\.retention\.size=(\d+)GB/.exec(args.join(' ')) ?? [];
        const { storage } = volumeClaimTemplates[0].spec.resources.requests;
        return { name, kept: Number(kept), volume: mebibytes(storage) / 1024 };
      },
    );
    expect(sizes.length).toBe(overlayNames.length);
    for (const { name, kept, volume } of sizes) {
      expect(kept, name).toBeGreaterThanOrEqual(0.7 * volume);
      expect(kept, name).toBeLessThanOrEqual(0.8 * volume);
    }
  });

  it('takes no history from outside in production', () => {
    const args = inAll((manifests) => [find(manifests, 'StatefulSet', 'prometheus').spec.template.spec]).map(
      ([name, { containers }]) => [name, containers[0].args.includes('--web.enable-remote-write-receiver')],
    );
    expect(args).toEqual(overlayNames.map((name) => [name, name !== 'production']));
  });
});

describe('the ScaledObject of app-a', () => {
  const folder = 'k8s/components/telemetry-app';
  const migrated = parseScaledObject(readProjectFile(`${folder}/scaled-object.yaml`), 'scaled-object.yaml');
  const better = parseScaledObject(
    readProjectFile(`${folder}/recommended/scaled-object.yaml`),
    'recommended/scaled-object.yaml',
  );

  it('has the settings of the trigger it replaces, as they were', () => {
    expect(migrated).toMatchObject({ namespace: 'telemetry-app', minReplicas: 1, maxReplicas: 10 });
    const { scalerAddress, query, ...rest } = migrated.metadata;
    expect(rest).toEqual({
      threshold: '10',
      activationThreshold: '5',
      historyTimeWindow: '7d',
      predictHorizon: '2h',
    });
    expect(scalerAddress).toBe(`forescale.forescale.svc.cluster.local:${portOf('FORESCALE_GRPC_ADDRESS')}`);
    expect(isPromql(query ?? '')).toBe(true);
  });

  it.each([
    ['as it is', migrated],
    ['as recommended', better],
  ])('is understood by the scaler without a warning, %s', (_, { metadata }) => {
    expect(parseTriggerMetadata(metadata).warnings).toEqual([]);
    expect(metadata['query']).toBe(migrated.metadata['query']);
    expect(metadata['threshold']).toBe('10');
  });

  it('has the recommended settings beside it: forecast and scored without deciding', () => {
    const { workloads = [] } = parseServerFile(
      readProjectFile('k8s/showcase/forescale.yaml'),
      'forescale.yaml',
    );
    expect(workloads).toHaveLength(1);
    const { scalerAddress: _, ...metadata } = better.metadata;
    expect(workloads[0]).toEqual({ namespace: 'telemetry-app', name: 'app-a-recommended', metadata });
    expect(better.behavior?.scaleDown?.stabilizationWindowSeconds).toBe(60);
  });

  it.skipIf(missing)(`decides by them in staging and production${note}`, () => {
    for (const [name, manifests] of overlays) {
      const [trigger] = find(manifests, 'ScaledObject', 'app-a').spec.triggers;
      const expected = recommended.includes(name) ? better : migrated;
      expect(trigger.metadata, name).toEqual(expected.metadata);
    }
  });
});

function mebibytes(quantity: string): number {
  const { number = '', unit = '' } = /^(?<number>\d+)(?<unit>Mi|Gi)$/.exec(quantity)?.groups ?? {};
  expect(unit, quantity).not.toBe('');
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
}
