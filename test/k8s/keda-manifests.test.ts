import { describe, expect, it } from 'vitest';
import { kedaRelease, kedaReleasePath, kedaVersion } from '../../tools/manifests/keda-release.ts';
import { skippedNote } from '../real/real-programs.ts';
import { readProjectFile } from '../repository/compose-file.ts';
import { find, kustomized, parseManifests, podsOf } from './kustomized.ts';
import { missing, note } from './overlays.ts';

const committed = readProjectFile(kedaReleasePath);
const made = await kedaRelease(process.env).then(
  (text) => ({ text, missing: undefined }),
  (error: Error) => ({ text: undefined, missing: error.message }),
);

describe('KEDA’s manifests', () => {
  it('say whose they are and under which license', () => {
    const head = committed.slice(0, 600);
    expect(head).toContain(`KEDA ${kedaVersion}`);
    expect(head).toContain('Apache License 2.0');
    expect(readProjectFile('LICENSE')).toContain('Apache License');
  });

  it.skipIf(made.missing)(
    `are what its Go module makes today; else run: npm run keda-manifests${skippedNote(made.missing)}`,
    () => {
      expect(committed === made.text).toBe(true);
    },
  );

  it('have every definition we use, with its schema, and the images of that version alone', () => {
    const manifests = parseManifests(committed);
    const definitions = manifests.filter(({ kind }) => kind === 'CustomResourceDefinition');
    expect(definitions.map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['scaledobjects.keda.sh', 'triggerauthentications.keda.sh']),
    );
    for (const { spec } of definitions)
      expect(spec.versions[0].schema.openAPIV3Schema.properties).toHaveProperty('spec');
    const images = podsOf(manifests).map(({ container }) => container.image);
    expect(images).toHaveLength(3);
    expect(
      images.filter((image) => !new RegExp(`^ghcr\\.io/kedacore/[\\w-]+:${kedaVersion}$`).test(image)),
    ).toEqual([]);
  });

  it.skipIf(missing)(
    `have their metrics on, and carry our label where cleanup looks for it${note}`,
    async () => {
      const manifests = await kustomized('k8s/components/keda');
      const operator = podsOf(manifests).find(({ owner }) => owner.metadata.name === 'keda-operator');
      expect(operator?.container.args).toContain('--enable-prometheus-metrics=true');
      const scraped = podsOf(manifests).filter(({ container }) =>
        container.ports?.some(
          ({ name, containerPort }) => containerPort === 8080 && /^(http|metrics)$/.test(name),
        ),
      );
      expect(scraped).toHaveLength(3);
      expect(find(manifests, 'Namespace', 'keda').metadata.labels).toMatchObject({
        'app.kubernetes.io/part-of': 'forescale',
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
    },
  );
});
