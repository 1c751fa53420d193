import { describe, expect, it } from 'vitest';
import { kedaReleases } from '../../tools/manifests/keda-releases.ts';
import { whyMissing } from '../real/real-programs.ts';
import { asFor, asYaml, kedaObjects } from './keda-objects.ts';
import type { Manifest } from './manifest.ts';
import { kubernetesVersions, schemaFindings, whySchemasMissing } from './schema-check.ts';

const missing =
  (await whyMissing('helm')) ??
  (await whyMissing('kustomize')) ??
  (await whySchemasMissing()) ??
  (await whyMissing('kubeconform'));

describe.skipIf(missing)(
  'objects of KEDA that users apply (needs kustomize, kubeconform and schemas)',
  () => {
    const changed = async (change: (manifest: Manifest) => Manifest) =>
      Object.fromEntries(
        Object.entries(await kedaObjects()).map(([name, objects]) => [name, asYaml(objects.map(change))]),
      );

    it('are in overlays, examples and documents', async () => {
      const names = Object.keys(await kedaObjects());
      for (const folder of ['k8s/overlays/', 'k8s/examples/', 'docs/'])
        expect(names.filter((name) => name.startsWith(folder)).length, folder).toBeGreaterThan(3);
    });

    it.each(kedaReleases)('have no field that KEDA $version does not know', async (release) => {
      const newest = (await kubernetesVersions()).at(-1) ?? '';
      const sets = await changed((manifest) => asFor(release, manifest));
      expect(await schemaFindings(sets, newest, release)).toEqual([]);
      // With the field that docs/kubernetes.md says to leave out, exactly the releases that lack it refuse them.
      const messages = (await schemaFindings(await changed((manifest) => manifest), newest, release)).map(
        ({ message }) => /'\/spec\/fallback': additional properties '\w+' not allowed/.exec(message)?.[0],
      );
      expect([...new Set(messages)]).toEqual(
        release.lacksFallbackBehavior === true
          ? ["'/spec/fallback': additional properties 'behavior' not allowed"]
          : [],
      );
    });
  },
);
