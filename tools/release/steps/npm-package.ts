import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Release, run } from '../release.ts';

/** The packed npm package. */
export const packageArchive = ({ out, version }: Pick<Release, 'out' | 'version'>): string =>
  join(out, 'npm', `forescale-${version}.tgz`);

/** Packs the npm package. npm gives every file in it the same time, so its bytes depend on the checkout alone. */
export async function npmPackage(release: Release): Promise<string> {
  const folder = join(release.out, 'npm');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(release, 'npm', ['pack', '--pack-destination', folder]);
  return packageArchive(release);
}
