import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { readProjectFile } from '../repository/compose-file.ts';
import { projectRoot, trackedFiles } from '../repository/project-files.ts';
import { serveVariables } from '../support/commands.ts';
import { find, kustomized, type Manifest, podsOf, variablesOf } from './kustomized.ts';
import { describeObject } from './manifest.ts';
import { missing, note } from './overlays.ts';

/** Every folder of a component, including components within others. */
const components = trackedFiles('k8s/components')
  .filter((path) => path.endsWith('/kustomization.yaml'))
  .map((path) => path.replace(/\/kustomization\.yaml$/, ''));
const kindOf = (path: string) =>
  (parseYaml(readProjectFile(`${path}/kustomization.yaml`)) as { kind: string }).kind;
/** What each component changes in, or adds to, the showcase. */
const needs: Readonly<Record<string, readonly string[]>> = {
  'k8s/components/ingress/tls': ['k8s/components/ingress'],
};

/** The scaler alone, or all of the showcase, with components that no overlay needs to have. */
async function withComponents(resource: string, paths: readonly string[]): Promise<readonly Manifest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  const from = (path: string) => relative(folder, resolve(projectRoot, path));
  try {
    const kustomization = { resources: [from(resource)], components: paths.map(from) };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
    return await kustomized(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the components', () => {
  it('say in their first line what they are, and are components but for KEDA', () => {
    expect(components.length).toBeGreaterThan(14);
    for (const path of components)
      expect(readProjectFile(`${path}/kustomization.yaml`), path).toMatch(/^# .{20,}/);
    expect(components.filter((path) => kindOf(path) !== 'Component')).toEqual(['k8s/components/keda']);
  });

  const showcase = parseYaml(readProjectFile('k8s/showcase/kustomization.yaml')) as { components: string[] };
  const inShowcase = showcase.components.map((path) => path.replace('..', 'k8s'));
  const others = components.filter((path) => !inShowcase.includes(path) && kindOf(path) === 'Component');

  it.skipIf(missing).each(others)(`go on top of the showcase, each by itself${note}: %s`, async (path) => {
    const without = await kustomized('k8s/showcase');
    const rendered = await withComponents('k8s/showcase', [...(needs[path] ?? []), path]);
    expect(without.length).toBeGreaterThan(40);
    expect(JSON.stringify(rendered)).not.toBe(JSON.stringify(without));
    expect(rendered.map(describeObject)).toEqual(expect.arrayContaining(without.map(describeObject)));
  });

  it.skipIf(missing)(
    `make KEDA and the scaler show each other certificates of one authority${note}`,
    async () => {
      const manifests = await withComponents('k8s/showcase', ['k8s/components/tls']);
      const [server, client] = ['forescale-tls', 'forescale-client'].map((name) =>
        find(manifests, 'Certificate', name),
      );
      expect([server, client].map((one) => one?.spec.issuerRef.name)).toEqual([
        'forescale-ca',
        'forescale-ca',
      ]);
      const pod = podsOf(manifests).find(({ owner }) => owner.metadata.name === 'forescale');
      const variables = pod === undefined ? {} : variablesOf(pod.container);
      const known = serveVariables();
      expect(Object.keys(variables).filter((name) => !known.includes(name))).toEqual([]);
      const mount = pod?.container.volumeMounts?.find(({ name }) => name === 'tls')?.mountPath;
      expect(variables).toMatchObject({
        FORESCALE_TLS_CERT_FILE: `${mount}/tls.crt`,
        FORESCALE_TLS_KEY_FILE: `${mount}/tls.key`,
        FORESCALE_TLS_CLIENT_CA_FILE: `${mount}/ca.crt`,
      });
      const secrets = pod?.template.spec.volumes?.map(({ secret }) => secret?.secretName);
      expect(secrets).toContain(server?.spec.secretName);
      const [trigger] = find(manifests, 'ScaledObject', 'app-a').spec.triggers;
      expect(server?.spec.dnsNames).toContain(trigger.metadata.scalerAddress.split(':')[0]);
      const authentication = find(manifests, 'TriggerAuthentication', trigger.authenticationRef.name);
      expect(authentication.metadata.namespace).toBe(client?.metadata.namespace);
      expect(authentication.spec.secretTargetRef).toHaveLength(3);
      for (const { name } of authentication.spec.secretTargetRef) expect(name).toBe(client?.spec.secretName);
      const { startupProbe, readinessProbe, livenessProbe } = pod?.container ?? {};
      for (const probe of [startupProbe, readinessProbe, livenessProbe])
        expect(probe?.httpGet).toMatchObject({ scheme: 'HTTPS' });
    },
  );

  it.skipIf(missing)(
    `bring Secrets under the names that are mounted, whoever brings them${note}`,
    async () => {
      const made = async (path: string, kind: string) =>
        (await kustomized(path))
          .filter((one) => one.kind === kind)
          .map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
      const names = ['forescale/forescale-api-token', 'monitoring/grafana-admin'];
      expect((await made('k8s/components/external-secrets', 'ExternalSecret')).sort()).toEqual(names);
      expect((await made('k8s/components/sealed-secrets', 'SealedSecret')).sort()).toEqual(names);
      // The values are sealed for no cluster, so that Git holds no secret.
      for (const { spec } of await kustomized('k8s/components/sealed-secrets'))
        expect(spec.encryptedData).toEqual({});
    },
  );
});

describe.skipIf(missing)(`the scaler by itself${note}`, async () => {
  const base = missing === undefined ? await kustomized('k8s/base') : [];

  it('is all there is, and needs no Secret', () => {
    expect(
      base
        .map(describeObject)
        .map((name) => name.replace(/config-\w+$/, 'config'))
        .sort(),
    ).toEqual([
      'ConfigMap forescale/forescale-config',
      'Deployment forescale/forescale',
      'Namespace /forescale',
      'NetworkPolicy forescale/forescale',
      'PodDisruptionBudget forescale/forescale',
      'Service forescale/forescale',
      'Service forescale/forescale-peers',
      'ServiceAccount forescale/forescale',
    ]);
    expect(JSON.stringify(base)).not.toContain('"secret"');
  });

  it('has two replicas that are spread, and that no drain takes away together', () => {
    const { spec } = find(base, 'Deployment', 'forescale');
    expect(spec.replicas).toBe(2);
    const keys = (spec.template.spec.topologySpreadConstraints as { topologyKey: string }[]).map(
      ({ topologyKey }) => topologyKey,
    );
    expect(keys).toEqual(['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
    expect(find(base, 'PodDisruptionBudget', 'forescale').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: spec.selector,
    });
  });

  it('gives its pods nothing they do not need', () => {
    expect(find(base, 'ServiceAccount', 'forescale')).toMatchObject({ automountServiceAccountToken: false });
    const [pod] = podsOf(base);
    expect(pod?.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(pod?.container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
  });
});
