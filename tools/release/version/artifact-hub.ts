import { stringify } from 'yaml';
import { packageFile, published, repositoryUrl } from '../places.ts';
import { changesOf, summaryOf } from './changelog.ts';

/** Where Artifact Hub reads about the scaler, in a folder that the repository is registered with. */
export const artifactHubFile = 'k8s/artifacthub/artifacthub-pkg.yml';

export interface ReleaseFacts {
  readonly version: string;
  /** The day of the release, as 2026-11-30. */
  readonly date: string;
  /** What the changelog says of it. */
  readonly changes: string;
}

/** Platforms that the image is made for. */
export const platforms = ['linux/amd64', 'linux/arm64'] as const;

/** The changes as Artifact Hub lists them, of a package as well as of a chart. */
export function listedChanges(section: string): readonly { kind: string; description: string }[] {
  return changesOf(section).map((change) => ({ kind: change.kind, description: summaryOf(change) }));
}

/** The icon of the page, where a website can load it. */
export const iconUrl = `${repositoryUrl.replace('github.com', 'raw.githubusercontent.com')}/main/src/api/page/icon.svg`;

/** The links that Artifact Hub shows beside a package. */
export const links = [
  { name: 'Documentation', url: `${repositoryUrl}/tree/main/docs` },
  { name: 'Changelog', url: `${repositoryUrl}/blob/main/CHANGELOG.md` },
  { name: 'Issues', url: packageFile.bugs },
] as const;

/** The file in which Artifact Hub finds a package of its kind "KEDA scalers". */
export function artifactHubPackage({ version, date, changes }: ReleaseFacts): string {
  const install = `
helm install forescale oci://${published.chart} --version ${version} \\
  --namespace forescale --create-namespace \\
  --set prometheus.url=http://prometheus.monitoring.svc.cluster.local:9090`;
  const content = {
    version,
    name: packageFile.name,
    displayName: 'Forescale',
    createdAt: `${date}T00:00:00Z`,
    description: packageFile.description,
    logoURL: iconUrl,
    license: 'Apache-2.0',
    homeURL: packageFile.homepage,
    appVersion: version,
    category: 'monitoring-logging',
    containersImages: [
      { name: 'forescale', image: `${published.image}:${version}`, platforms: [...platforms] },
    ],
    keywords: [...packageFile.keywords],
    links: links.map((link) => ({ ...link })),
    install: `Beside KEDA and a Prometheus:\n\n\`\`\`sh${install}\n\`\`\`\n`,
    changes: listedChanges(changes),
    provider: { name: 'Forescale' },
  };
  return `# Made by \`npm run release version\` of package.json and CHANGELOG.md.\n${stringify(content, { lineWidth: 0 })}`;
}
