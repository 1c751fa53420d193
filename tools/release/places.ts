import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout, with a slash at its end. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface PackageFile {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly bugs: string;
  readonly repository: { readonly type: string; readonly url: string };
}

/** package.json, the one place that has the version and the address of the repository. */
export const packageFile = JSON.parse(readFileSync(`${projectRoot}package.json`, 'utf8')) as PackageFile;

/** Address of the repository as people open it. */
export const repositoryUrl = packageFile.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
/** Owner and name, as GitHub says them in GITHUB_REPOSITORY. */
export const repositoryName = new URL(repositoryUrl).pathname.slice(1);
const owner = repositoryName.split('/')[0]?.toLowerCase() ?? '';

/** The registry that a release goes to, and below which paths; the dry run has a registry of its own. */
export const registry = 'ghcr.io';
export const imagePath = `${owner}/forescale`;
export const chartPath = `${owner}/charts`;

/** What somebody pulls who installs a release. */
export const published = {
  image: `${registry}/${imagePath}`,
  chart: `${registry}/${chartPath}/forescale`,
} as const;
