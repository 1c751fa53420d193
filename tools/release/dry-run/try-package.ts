import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTemporaryFolder } from '../../temporary-folder.ts';
import { type Release, run } from '../release.ts';
import { packageArchive } from '../steps/npm-package.ts';

/** Installs the packed package in an empty folder, as a stranger would, and asks the command what it can do. */
export async function tryPackage(release: Release): Promise<string> {
  const folder = await openTemporaryFolder('forescale-stranger');
  try {
    writeFileSync(join(folder.path, 'package.json'), '{}');
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run(release, 'npm', ['install', ...options, packageArchive(release)], folder.path);
    const help = await run(release, 'npx', ['--offline', 'forescale', '--help'], folder.path);
    const version = await run(release, 'npx', ['--offline', 'forescale', '--version'], folder.path);
    if (!help.includes('Usage: forescale') || version.trim() !== release.version)
      throw new Error(`npx forescale --help said: ${help}`);
    return `npx forescale --help answers, version ${version.trim()}`;
  } finally {
    await folder.remove();
  }
}
