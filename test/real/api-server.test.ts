import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { render, renderedSets } from '../k8s/rendered.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { definitionsFor } from './custom-resources.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { applyPrerequisites, dryRun, isPrerequisite } from './server-dry-run.ts';

/** Time for the server to start and to take all definitions: seconds alone, many times that beside other tests. */
const patienceMs = 300_000;

/** All manifests that users apply, and KEDA, which they apply first in a cluster without it. */
const sets = [...renderedSets, { source: 'k8s/components/keda', program: 'kustomize' as const }];
const unrendered = (await whyMissing('helm')) ?? (await whyMissing('kustomize'));
const missing = unrendered ?? (await whyNotInstalled(apiServerPrograms));

it('overlays, examples and the sets of values are among what a real API server is asked about', () => {
  for (const folder of ['k8s/overlays/', 'k8s/examples/', 'k8s/charts/forescale/ci/'])
    expect(sets.filter(({ source }) => source.startsWith(folder)).length, folder).toBeGreaterThan(3);
});

const title = `a real API server${skippedNote(missing)}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    const rendered = await Promise.all(sets.map(render));
    const definitions = await definitionsFor([...rendered.flatMap(parseManifests), scaledObject({})]);
    await applyPrerequisites(server.kubectl, definitions);
  }, patienceMs);
  afterAll(() => server?.stop());

  const container = { name: 'main', image: 'example.invalid/main:1' };
  const hardened = {
    ...container,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const safely = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const named = (kind: string, name: string) => ({
    apiVersion: kind === 'Pod' ? 'v1' : kind === 'Deployment' ? 'apps/v1' : 'keda.sh/v1alpha1',
    kind,
    metadata: { name, namespace: 'trial' },
  });
  const deployment = (pod: object): Manifest & { readonly spec: object } => ({
    ...named('Deployment', 'main'),
    spec: {
      selector: { matchLabels: { app: 'main' } },
      template: { metadata: { labels: { app: 'main' } }, spec: pod },
    },
  });
  const scaledObject = (spec: object) => ({
    ...named('ScaledObject', 'main'),
    spec: {
      scaleTargetRef: { name: 'main' },
      triggers: [{ type: 'external', metadata: { scalerAddress: 'forescale.forescale:6000' } }],
      ...spec,
    },
  });

  it('takes a workload that keeps the rules and a ScaledObject, and keeps nothing of a dry run', async () => {
    const manifests = [deployment({ securityContext: safely, containers: [hardened] }), scaledObject({})];
    expect(await dryRun(server.kubectl, manifests)).toEqual({
      accepted: ['deployment.apps/main', 'scaledobject.keda.sh/main'],
      warnings: [],
      refusals: [],
    });
    const kept = await server.kubectl(['get', 'deployments,scaledobjects', '--all-namespaces']);
    expect(kept).toMatchObject({ exitCode: 0, stdout: '', stderr: 'No resources found\n' });
  });

  it.each([
    ['in a workload', { ...deployment({ containers: [hardened] }), sepc: {} }, /unknown field "sepc"/],
    [
      'deep in a workload',
      deployment({ containers: [{ ...hardened, livenesProbe: {} }] }),
      /unknown field "spec\.template\.spec\.containers\[0\]\.livenesProbe"/,
    ],
    ['in a ScaledObject', scaledObject({ minReplicas: 1 }), /unknown field "spec\.minReplicas"/],
  ])('refuses an unknown field %s', async (_, manifest, why) => {
    const { accepted, refusals } = await dryRun(server.kubectl, [manifest]);
    expect(accepted).toEqual([]);
    expect(refusals.join('\n')).toMatch(why);
  });

  it('refuses a kind that it does not know and a value that is none', async () => {
    const unknown = { ...named('Deployment', 'main'), kind: 'Deploiment' };
    const { refusals } = await dryRun(server.kubectl, [unknown, scaledObject({ triggers: 'external' })]);
    expect(refusals.join('\n')).toMatch(/no matches for kind "Deploiment"/);
    expect(refusals.join('\n')).toMatch(/spec\.triggers in body must be of type array/);
  });

  it('warns of a workload whose pods break Pod Security, and refuses such a Pod', async () => {
    const { accepted, warnings } = await dryRun(server.kubectl, [deployment({ containers: [container] })]);
    expect(accepted).toEqual(['deployment.apps/main']);
    expect(warnings).toEqual([
      expect.stringContaining('would violate PodSecurity "restricted:latest": allowPrivilegeEscalation'),
    ]);
    const pod = { ...named('Pod', 'main'), spec: { containers: [container] } };
    const refused = await dryRun(server.kubectl, [pod]);
    expect(refused.accepted).toEqual([]);
    expect(refused.refusals.join('\n')).toMatch(/forbidden: violates PodSecurity "restricted:latest"/);
    const good = { ...named('Pod', 'main'), spec: { securityContext: safely, containers: [hardened] } };
    expect(await dryRun(server.kubectl, [good])).toEqual({
      accepted: ['pod/main'],
      warnings: [],
      refusals: [],
    });
  });

  it.each(sets)('takes all of $source, without a warning', async (set) => {
    const manifests = parseManifests(await render(set));
    const others = manifests.filter((manifest) => !isPrerequisite(manifest));
    expect(others.length).toBeGreaterThan(0);
    const { accepted, warnings, refusals } = await dryRun(server.kubectl, manifests);
    expect({ warnings, refusals }).toEqual({ warnings: [], refusals: [] });
    expect(accepted).toHaveLength(others.length);
  });
});
