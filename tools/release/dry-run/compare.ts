import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../release.ts';
import { chartArchive } from '../steps/chart.ts';
import { imageDigest, imageLayout } from '../steps/image.ts';
import { packageArchive } from '../steps/npm-package.ts';
import { topLayers } from '../steps/oci-layout.ts';
import { billOfMaterials } from '../steps/sbom.ts';
import { platforms } from '../version/artifact-hub.ts';

/** Something that was built: what, its digest, and its bytes. */
export interface Artefact {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** Everything that a release builds. */
export function artefactsOf(release: Pick<Release, 'out' | 'version'>): readonly Artefact[] {
  return [
    { name: 'image', digest: imageDigest(release), bytes: bytesBelow(imageLayout(release)) },
    fileArtefact('chart', chartArchive(release)),
    fileArtefact('npm package', packageArchive(release)),
    fileArtefact('SBOM', billOfMaterials(release)),
  ];
}

/** Throws where a second build is not, byte by byte, the first. */
export function compareBuilds(first: readonly Artefact[], second: readonly Artefact[]): void {
  const differ = first.filter(
    ({ name, digest }) => second.find((one) => one.name === name)?.digest !== digest,
  );
  if (differ.length > 0 || first.length === 0)
    throw new Error(`built twice, not the same: ${differ.map(({ name }) => name).join(', ')}`);
}

/** Throws where what is copied into the image differs between platforms, so that running one says nothing of another. */
export function comparePlatforms(release: Pick<Release, 'out'>): void {
  const layers = topLayers(imageLayout(release));
  if (layers.length !== platforms.length || new Set(layers).size !== 1)
    throw new Error(`the layers of ${platforms.join(' and ')} are not the same: ${layers.join(', ')}`);
}

function fileArtefact(name: string, file: string): Artefact {
  const content = readFileSync(file);
  return {
    name,
    digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
    bytes: content.length,
  };
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
