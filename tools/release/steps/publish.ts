import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Release, run } from '../release.ts';
import { chartArchive } from './chart.ts';
import { notesFile } from './notes.ts';
import { packageArchive } from './npm-package.ts';
import { billOfMaterials } from './sbom.ts';

/**
 * Publishes the npm package with provenance. In the workflow npm trusts the workflow itself (no token is kept anywhere); in a dry run
 * it says what it would send.
 */
export async function publishPackage(release: Release): Promise<string> {
  const dry = release.tag === undefined ? ['--dry-run', '--provenance=false'] : [];
  const next = release.version.includes('-') ? ['--tag', 'next'] : [];
  await run(release, 'npm', ['publish', packageArchive(release), ...next, ...dry]);
  return release.tag === undefined ? 'not published: a dry run' : `forescale@${release.version}`;
}

/** Makes the release of GitHub with the notes and the files that are in no registry of images. */
export async function publishNotes(release: Release): Promise<string> {
  const files = releaseFiles(release);
  if (release.tag === undefined) return `not published: a dry run; ${files.length} files`;
  const prerelease = release.version.includes('-') ? ['--prerelease'] : [];
  const options = ['--verify-tag', '--title', release.tag, '--notes-file', notesFile(release), ...prerelease];
  await run(release, 'gh', ['release', 'create', release.tag, ...options, ...files]);
  return `${release.tag} with ${files.length} files`;
}

/** What is attached. Chart and package have one name where they are packed, and two here. */
function releaseFiles(release: Release): readonly string[] {
  const folder = join(release.out, 'files');
  mkdirSync(folder, { recursive: true });
  const chart = join(folder, `forescale-chart-${release.version}.tgz`);
  copyFileSync(chartArchive(release), chart);
  return [packageArchive(release), chart, billOfMaterials(release)];
}
