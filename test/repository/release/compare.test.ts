import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareBuilds, comparePlatforms } from '../../../tools/release/dry-run/compare.ts';
import { imageLayout } from '../../../tools/release/steps/image.ts';
import { openTemporaryFolder } from '../../../tools/temporary-folder.ts';

const folder = await openTemporaryFolder('forescale-compare');
afterAll(() => folder.remove());

/** Writes the index and manifests of an image with these layers for each platform, and no more of it. */
function imageOf(name: string, platforms: readonly (readonly string[])[]): { out: string } {
  const release = { out: join(folder.path, name) };
  const layout = imageLayout(release);
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true });
  const blob = (content: object) => {
    const text = JSON.stringify(content);
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(layout, 'blobs/sha256', hex), text);
    return { digest: `sha256:${hex}` };
  };
  const manifests = platforms.map((layers) => blob({ layers: layers.map((digest) => ({ digest })) }));
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ manifests: [blob({ manifests })] }));
  return release;
}

const artefact = (name: string, digest: string) => ({ name, digest, bytes: 1 });

describe('two builds', () => {
  it('are the same where every digest is', () => {
    const built = [artefact('image', 'a'), artefact('chart', 'b')];
    expect(() => compareBuilds(built, built)).not.toThrow();
  });

  it('are refused where one differs, by its name, where one is missing, and where there is none', () => {
    const built = [artefact('image', 'a'), artefact('chart', 'b')];
    expect(() => compareBuilds(built, [artefact('image', 'a'), artefact('chart', 'c')])).toThrow(
      'not the same: chart',
    );
    expect(() => compareBuilds(built, [artefact('chart', 'b')])).toThrow('not the same: image');
    expect(() => compareBuilds([], [])).toThrow('not the same');
  });
});

describe('the image for two platforms', () => {
  it('has other bases and the same layer on top', () => {
    const release = imageOf('same', [
      ['sha256:base-a', 'sha256:app'],
      ['sha256:base-b', 'sha256:app'],
    ]);
    expect(() => comparePlatforms(release)).not.toThrow();
  });

  it('is refused where the layer on top differs, and where a platform is missing', () => {
    const differs = imageOf('differs', [['sha256:app'], ['sha256:other']]);
    expect(() => comparePlatforms(differs)).toThrow('sha256:app, sha256:other');
    expect(() => comparePlatforms(imageOf('one', [['sha256:app']]))).toThrow('not the same');
  });
});
