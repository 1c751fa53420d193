import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../repository/project-files.ts';
import { chartObjects } from './chart.ts';
import { kustomized } from './kustomized.ts';
import { missing, note } from './overlays.ts';
import { containersOf, workloadsOf } from './workload.ts';

const digest = `sha256:${'5f70bf18'.repeat(8)}`;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forescale-digests-')));
afterAll(() => rm(folder, { recursive: true }));

const imagesOf = (manifests: Parameters<typeof workloadsOf>[0]) =>
  workloadsOf(manifests).flatMap((workload) => containersOf(workload).map(({ image }) => image));

describe('images by digest', () => {
  it.skipIf(missing)(`are named in every workload of an overlay ${note}`, async () => {
    const base = await kustomized('k8s/overlays/production');
    const names = [...new Set(imagesOf(base).map((image) => image.replace(/:[^:/]+$/, '')))];
    expect(names.length).toBeGreaterThan(3);
    writeFileSync(
      join(folder, 'kustomization.yaml'),
      stringify({
        resources: [relative(folder, join(projectRoot, 'k8s/overlays/production'))],
        images: names.map((name) => ({ name, digest })),
      }),
    );
    const images = imagesOf(await kustomized(folder));
    expect(images.length).toBe(imagesOf(base).length);
    expect(images.filter((image) => !image.endsWith(`@${digest}`))).toEqual([]);
  });

  it('win over the tag in the chart', async () => {
    const images = imagesOf(await chartObjects('default', `image.digest=${digest}`, 'image.tag=9.9.9'));
    expect(new Set(images)).toEqual(new Set([`forescale@${digest}`]));
  });
});
