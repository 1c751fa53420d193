import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactHubFile, artifactHubPackage } from './artifact-hub.ts';
import { released, sectionOf } from './changelog.ts';
import { mayName, namedVersions, withVersion } from './spellings.ts';

interface Wanted {
  readonly version: string;
  /** The day of the release, as 2026-11-30. */
  readonly date: string;
}

/**
 * Writes another version into every file of a checkout that says one, turns what is unreleased in the changelog into the section of
 * that version, and writes what Artifact Hub reads. `files` are named from `root`. Returns what changed. Throws, and changes
 * nothing, where there is nothing to release.
 */
export function setVersion(
  root: string,
  files: readonly string[],
  { version, date }: Wanted,
): readonly string[] {
  if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version))
    throw new Error(`${version} is no version, such as 0.2.0 or 1.0.0-rc.1`);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const changelog = released(read('CHANGELOG.md'), version, date);
  const said = files
    .filter((path) => mayName(path) && path !== artifactHubFile)
    .map((path) => ({ path, text: read(path) }))
    .filter(({ path, text }) => namedVersions(path, text).length > 0)
    .map(({ path, text }) => ({ path, text: withVersion(path, text, version) }));
  const changes = sectionOf(changelog, version) ?? '';
  const made = [
    { path: 'CHANGELOG.md', text: changelog },
    { path: artifactHubFile, text: artifactHubPackage({ version, date, changes }) },
  ];
  const changed = [...said, ...made].filter(({ path, text }) => read(path) !== text);
  for (const { path, text } of changed) writeFileSync(join(root, path), text);
  return changed.map(({ path }) => path);
}
