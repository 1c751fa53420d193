import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';
import { type RenderedSet, render, renderedSets } from '../k8s/rendered.ts';
import { type ApiServer, apiServerPrograms, startApiServer } from './api-server.ts';
import { definitionsFor } from './custom-resources.ts';
import { skippedNote, whyMissing, whyNotInstalled } from './real-programs.ts';
import { applyPrerequisites, isPrerequisite, mustSucceed } from './server-dry-run.ts';

const patienceMs = 300_000;
const base: RenderedSet = { source: 'k8s/base', program: 'kustomize' };
/** What GitOps tools keep applying: the base, the overlays, and the chart with each set of values. */
const sets = [base, ...renderedSets.filter(({ source }) => !source.startsWith('k8s/examples/'))];
const unrendered = (await whyMissing('helm')) ?? (await whyMissing('kustomize'));
const missing = unrendered ?? (await whyNotInstalled(apiServerPrograms));

/** Helm's hooks are no part of what is kept applied, and the pods of `helm test` would need an account that may be elsewhere. */
const isKept = (manifest: Manifest) =>
  !isPrerequisite(manifest) && manifest.metadata.annotations?.['helm.sh/hook'] === undefined;
const asDocuments = (manifests: readonly Manifest[]) =>
  manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');

const title = `server-side apply, as Argo CD and Flux do it, on a real API server${skippedNote(missing)}`;
describe.skipIf(missing)(title, { timeout: patienceMs }, () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    const rendered = (await Promise.all(sets.map(render))).flatMap(parseManifests);
    await applyPrerequisites(server.kubectl, [...(await definitionsFor(rendered)), ...rendered]);
  }, patienceMs);
  afterAll(() => server?.stop());

  const applyAll = (manifests: readonly Manifest[]) =>
    server.kubectl(['apply', '--server-side', '--validate=strict', '--filename=-'], asDocuments(manifests));
  const remove = (manifests: readonly Manifest[]) =>
    mustSucceed(server.kubectl, ['delete', '--wait=false', '--filename=-'], asDocuments(manifests));

  /** Versions of objects on the server, which every write that changes something changes. */
  async function versionsOf(manifests: readonly Manifest[]): Promise<readonly string[]> {
    const args = ['get', '--output=json', '--filename=-'];
    const list = JSON.parse(await mustSucceed(server.kubectl, args, asDocuments(manifests))) as {
      readonly items: readonly {
        readonly metadata: { readonly name: string; readonly resourceVersion: string };
      }[];
    };
    return list.items.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
  }

  it.each(sets)(
    'takes all of $source, and changes nothing when it is applied again',
    async ({ source, program }) => {
      const manifests = parseManifests(await render({ source, program })).filter(isKept);
      expect(manifests.length).toBeGreaterThan(4);
      expect(await applyAll(manifests)).toMatchObject({ exitCode: 0, stderr: '' });
      const before = await versionsOf(manifests);
      expect(before).toHaveLength(manifests.length);
      expect(await applyAll(manifests)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await versionsOf(manifests)).toEqual(before);
      await remove(manifests);
    },
  );

  describe('with an autoscaler that sets replicas beside it', () => {
    /** As the HPA controller does it, under its name. */
    const scaleTo = (replicas: number, { metadata }: Manifest) =>
      mustSucceed(server.kubectl, [
        'patch',
        'deployment',
        metadata.name,
        `--namespace=${metadata.namespace}`,
        '--subresource=scale',
        '--field-manager=kube-controller-manager',
        '--type=merge',
        `--patch=${JSON.stringify({ spec: { replicas } })}`,
      ]);
    const replicasOf = ({ metadata }: Manifest) =>
      mustSucceed(server.kubectl, [
        'get',
        `--namespace=${metadata.namespace}`,
        'deployment',
        metadata.name,
        '--output=jsonpath={.spec.replicas}',
      ]);

    /** The Deployments of the overlay that a ScaledObject scales. */
    async function scaledDeployments(): Promise<readonly Manifest[]> {
      const manifests = parseManifests(await render({ source: 'k8s/overlays/dev', program: 'kustomize' }));
      const targets = manifests
        .filter(({ kind }) => kind === 'ScaledObject')
        .map(({ spec }) => (spec?.['scaleTargetRef'] ?? {}) as { readonly name?: string });
      return manifests.filter(
        ({ kind, metadata }) => kind === 'Deployment' && targets.some(({ name }) => name === metadata.name),
      );
    }

    it('leaves the replicas of a scaled workload as they are, because its manifest has none', async () => {
      const scaled = await scaledDeployments();
      expect(scaled.length).toBeGreaterThan(0);
      for (const deployment of scaled) {
        expect(deployment.spec?.['replicas']).toBeUndefined();
        expect(await applyAll([deployment])).toMatchObject({ exitCode: 0 });
        await scaleTo(5, deployment);
        expect(await applyAll([deployment])).toMatchObject({ exitCode: 0, stderr: '' });
        expect(await replicasOf(deployment)).toBe('5');
        // As docs/gitops.md warns: nobody had them, so nobody objects.
        const added = { ...deployment, spec: { ...deployment.spec, replicas: 1 } };
        expect(await applyAll([added])).toMatchObject({ exitCode: 0, stderr: '' });
        expect(await replicasOf(deployment)).toBe('1');
      }
      await remove(scaled);
    });

    it('refuses replicas that the manifest had before, and keeps the number when they are taken out', async () => {
      const [deployment] = await scaledDeployments();
      if (deployment === undefined) throw new Error('no Deployment of the overlay is scaled');
      const withReplicas = { ...deployment, spec: { ...deployment.spec, replicas: 3 } };
      expect(await applyAll([withReplicas])).toMatchObject({ exitCode: 0 });
      await scaleTo(5, deployment);
      const refused = await applyAll([withReplicas]);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toMatch(/conflict with "kube-controller-manager" .*\n?.*\.spec\.replicas/);
      expect(await applyAll([deployment])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await replicasOf(deployment)).toBe('5');
      await remove([deployment]);
    });
  });
});
