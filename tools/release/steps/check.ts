import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, repositoryName } from '../places.ts';
import type { Release } from '../release.ts';
import { sectionOf } from '../version/changelog.ts';

/** Throws where a release would say something else than it is: version, changelog, or the repository it comes from. */
export async function check({ version, tag, env }: Release): Promise<string> {
  const faults = [
    ...(tag === undefined || tag === `v${version}` ? [] : [`the tag is ${tag}, package.json has ${version}`]),
    ...(tag === undefined || changes('dated', version) !== ''
      ? []
      : [`CHANGELOG.md has no section ${version}`]),
    ...(changes('any', version) === '' ? ['CHANGELOG.md has nothing to tell'] : []),
    ...repositoryFaults(env['GITHUB_REPOSITORY']),
  ];
  if (faults.length > 0) throw new Error(faults.join('; '));
  return `${version} of ${repositoryName}`;
}

/** npm accepts no provenance of another repository, and image and chart would go where the documents do not say. */
function repositoryFaults(running = repositoryName): readonly string[] {
  if (running.toLowerCase() === repositoryName.toLowerCase()) return [];
  return [`this runs in ${running}, but repository of package.json is ${repositoryName}: change it first`];
}

/** What the changelog says of the version, or, before that is dated, of what is unreleased; empty where it says nothing. */
export function changes(kind: 'dated' | 'any', version: string): string {
  const changelog = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8');
  const unreleased = kind === 'any' ? sectionOf(changelog, 'Unreleased') : undefined;
  return sectionOf(changelog, version) ?? unreleased ?? '';
}
