import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Index {
  readonly manifests: readonly { readonly digest: string }[];
}

/** Digest of the index in an OCI layout. Throws where there is not exactly one. */
export function layoutDigest(layout: string): string {
  const [only, ...others] = read<Index>(join(layout, 'index.json')).manifests;
  if (only === undefined || others.length > 0) throw new Error(`${layout} does not hold one image`);
  return only.digest;
}

/** Digest of the topmost layer of each platform's image, which has what the Dockerfile copies into it. */
export function topLayers(layout: string): readonly string[] {
  const blob = <T>(digest: string) => read<T>(join(layout, 'blobs', digest.replace(':', '/')));
  return blob<Index>(layoutDigest(layout)).manifests.map(({ digest }) => {
    const { layers } = blob<{ layers: readonly { digest: string }[] }>(digest);
    return layers.at(-1)?.digest ?? 'none';
  });
}

const read = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
