import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { version } from '../../src/platform/process/version.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../tools/temporary-folder.ts';
import { whyMissing } from '../real/real-programs.ts';
import { readProjectFile } from '../repository/compose-file.ts';
import { readDocument } from '../repository/markdown.ts';
import { trackedFiles } from '../repository/project-files.ts';
import { objectOf, scalerContainer } from './chart.ts';
import { type Labels, parseManifests } from './manifest.ts';
import { renderChart } from './rendered.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';

const folder = 'k8s/examples/gitops';
const files = trackedFiles(folder).filter((path) => path.endsWith('.yaml'));
const noSchemas = (await whySchemasMissing()) ?? (await whyMissing('kubeconform'));
const noHelm = await whyMissing('helm');

interface Release {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Labels };
  readonly spec: {
    readonly source?: {
      readonly path?: string;
      readonly targetRevision: string;
      readonly helm?: { readonly valuesObject: object };
    };
    readonly ref?: { readonly semver: string };
    readonly values?: object;
  };
}
const objects = (path: string) =>
  parseAllDocuments(readProjectFile(`${folder}/${path}`)).map((one) => one.toJS() as Release);
const argo = objects('argo-cd/forescale.yaml')[0];
const flux = objects('flux/forescale.yaml');
const fluxRelease = flux.find(({ kind }) => kind === 'HelmRelease');

describe('the examples for GitOps', () => {
  it('are all named in docs/gitops.md', () => {
    const { text } = readDocument('docs/gitops.md');
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((path) => !text.includes(`](../${path})`))).toEqual([]);
  });

  it.skipIf(noSchemas)(
    'have no field that Argo CD and Flux do not know (needs kubeconform and schemas)',
    async () => {
      const newest = (await kubernetesVersions()).at(-1) ?? '';
      const sets = Object.fromEntries(files.map((path) => [path, readProjectFile(path)]));
      expect(await schemaFindings(sets, newest)).toEqual([]);
    },
  );

  it('bring KEDA from a folder that is there, at the tag of this version, before all others', () => {
    const keda = objects('argo-cd/keda.yaml')[0];
    const { path = '', targetRevision } = keda?.spec.source ?? {};
    expect(targetRevision).toBe(`v${version}`);
    expect(trackedFiles(path)).toContain(`${path}/kustomization.yaml`);
    const waveOf = (release: Release | undefined) =>
      Number(release?.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
    expect(waveOf(keda)).toBeLessThan(waveOf(argo));
  });

  it('install the version of this checkout, with the same values by either', () => {
    expect(argo?.spec.source?.targetRevision).toBe(version);
    const range = flux.find(({ kind }) => kind === 'OCIRepository')?.spec.ref?.semver;
    expect(range).toBe(version.replace(/\d+$/, 'x'));
    expect(fluxRelease?.spec.values).toBeDefined();
    expect(argo?.spec.source?.helm?.valuesObject).toEqual(fluxRelease?.spec.values);
  });

  describe.skipIf(noHelm)('as Helm renders them (needs helm)', () => {
    let temporary: TemporaryFolder;
    beforeAll(async () => {
      temporary = await openTemporaryFolder('forescale-gitops');
    });
    afterAll(() => temporary?.remove());
    const rendered = async () => {
      const path = join(temporary.path, 'values.yaml');
      writeFileSync(path, stringify(fluxRelease?.spec.values));
      return renderChart(['--values', path]);
    };

    it('are values that the chart takes', async () => {
      const manifests = parseManifests(await rendered());
      expect(scalerContainer(manifests).image).toBe(`registry.example.com/team/forescale:${version}`);
      expect(objectOf(manifests, 'PrometheusRule').metadata.labels?.['release']).toBe(
        'kube-prometheus-stack',
      );
    });

    it('give the same manifests at every rendering, or each sync would change something', async () => {
      const [first, second] = [await rendered(), await rendered()];
      expect(second).toBe(first);
    });
  });
});
