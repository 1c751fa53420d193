import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { packageFile, published, repositoryUrl } from '../../../tools/release/places.ts';
import {
  artifactHubFile,
  artifactHubPackage,
  iconUrl,
  links,
  platforms,
} from '../../../tools/release/version/artifact-hub.ts';
import { changesOf, sectionOf, summaryOf } from '../../../tools/release/version/changelog.ts';
import { readProjectFile } from '../compose-file.ts';
import { trackedFiles } from '../project-files.ts';

interface Chart {
  readonly home: string;
  readonly icon: string;
  readonly sources: readonly string[];
  readonly maintainers: readonly unknown[];
  readonly annotations: Readonly<Record<string, string>>;
}

const { version } = packageFile;
const changelog = readProjectFile('CHANGELOG.md');

describe('what Artifact Hub reads', () => {
  const text = readProjectFile(artifactHubFile);

  it('of the scaler is made of package.json and CHANGELOG.md (npm run release version)', () => {
    const { createdAt } = parseYaml(text) as { createdAt: string };
    const changes = sectionOf(changelog, version) ?? '';
    expect(text).toBe(artifactHubPackage({ version, date: createdAt.slice(0, 10), changes }));
  });

  it('has what its format demands', () => {
    const required = ['version', 'name', 'displayName', 'createdAt', 'description'];
    expect(Object.keys(parseYaml(text) as object)).toEqual(expect.arrayContaining(required));
    expect(parseYaml(text)).toMatchObject({
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
    });
  });

  it('of the chart is the same: addresses, links, image and platforms', () => {
    const chart = parseYaml(readProjectFile('k8s/charts/forescale/Chart.yaml')) as Chart;
    expect(chart).toMatchObject({
      home: packageFile.homepage,
      icon: iconUrl,
      sources: [repositoryUrl],
      maintainers: [{ url: repositoryUrl }],
    });
    const annotation = (name: string) =>
      parseYaml(chart.annotations[`artifacthub.io/${name}`] ?? '') as unknown;
    expect(annotation('images')).toEqual([
      { name: 'forescale', image: `${published.image}:${version}`, platforms: [...platforms] },
    ]);
    expect(annotation('links')).toEqual(links);
    expect(annotation('category')).toBe('monitoring-logging');
  });

  it('links to an icon that is in the repository', () => {
    expect(trackedFiles('.')).toContain(/\/main\/(.+)$/.exec(iconUrl)?.[1]);
  });
});

describe('the changelog', () => {
  const changes = changesOf(sectionOf(changelog, 'Unreleased') ?? sectionOf(changelog, version) ?? '');

  it('has kinds that Artifact Hub knows, and an entry is told in one sentence', () => {
    expect(changes.length).toBeGreaterThan(0);
    const known = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security'];
    expect(changes.filter(({ kind }) => !known.includes(kind))).toEqual([]);
    expect(changes.filter((change) => !/^\S.{10,}\S$/.test(summaryOf(change)))).toEqual([]);
  });

  it('is cut at the next version, and Markdown is left out of summaries', () => {
    const made =
      '## [2.0.0] - 2030-01-01\n\n### Fixed\n\n- **One** `thing` ([here](docs/a.md)) is\n  mended. More.\n\n## [1.0.0]\n\n- old\n';
    const section = sectionOf(made, '2.0.0') ?? '';
    expect(section).not.toContain('old');
    expect(changesOf(section).map(summaryOf)).toEqual(['One thing (here) is mended.']);
    expect(sectionOf(made, '3.0.0')).toBeUndefined();
  });
});
