import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { published, repositoryUrl } from '../places.ts';
import type { Release } from '../release.ts';
import { changes } from './check.ts';

/** The release notes. */
export const notesFile = ({ out }: Pick<Release, 'out'>): string => join(out, 'notes.md');

/** Writes the release notes: what the changelog tells, how to install, and how to verify. */
export async function notes(release: Release): Promise<string> {
  mkdirSync(release.out, { recursive: true });
  writeFileSync(notesFile(release), notesText(release, changes('any', release.version)));
  return notesFile(release);
}

/** Links of the changelog lead into the repository at the tag, because notes are read elsewhere. */
export function notesText({ version }: Pick<Release, 'version'>, section: string): string {
  const linked = section.replaceAll(/\]\((?!https?:)([^)]+)\)/g, `](${repositoryUrl}/blob/v${version}/$1)`);
  return `${linked}

### Install

\`\`\`sh
helm install forescale oci://${published.chart} --version ${version} --namespace forescale --create-namespace
npm install forescale@${version}
\`\`\`

The image is \`${published.image}:${version}\`, for linux/amd64 and linux/arm64.
[How to verify them](${repositoryUrl}/blob/v${version}/docs/releasing.md#verify).
`;
}
