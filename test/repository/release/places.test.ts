import { describe, expect, it } from 'vitest';
import { packageFile, published, repositoryName, repositoryUrl } from '../../../tools/release/places.ts';
import { defaults, type Release } from '../../../tools/release/release.ts';
import { check } from '../../../tools/release/steps/check.ts';
import { notesText } from '../../../tools/release/steps/notes.ts';
import { readProjectFile } from '../compose-file.ts';
import { documents, fences, readDocument } from '../markdown.ts';

const release = (more: Partial<Release>): Release => ({
  ...defaults,
  env: {},
  signal: new AbortController().signal,
  ...more,
});

describe('where a release goes', () => {
  it('is said by package.json, and every other place agrees', () => {
    expect(packageFile).toMatchObject({
      homepage: `${repositoryUrl}#readme`,
      bugs: `${repositoryUrl}/issues`,
    });
    const texts = [...documents.map(({ text }) => text), readProjectFile('k8s/charts/forescale/Chart.yaml')];
    const named = texts.flatMap(
      (text) => text.match(/(?<=oci:\/\/|[ `])ghcr\.io\/[\w/-]*forescale\b/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(8);
    expect([...new Set(named)].sort()).toEqual([published.chart, published.image].sort());
  });

  it('is told honestly wherever something of it can be pulled', () => {
    const shown = fences.filter(({ text }) => /helm (?:upgrade --)?install.*oci:\/\/ghcr\.io/.test(text));
    expect(shown.length).toBeGreaterThan(1);
    for (const { path } of shown)
      expect(readDocument(path).text).toMatch(
        /nothing is released yet|nothing to pull|Nothing has been released/i,
      );
  });
});

describe('the check before a release', () => {
  it('lets the version of this checkout be tried', async () => {
    expect(await check(release({}))).toContain(repositoryName);
    expect(await check(release({ env: { GITHUB_REPOSITORY: repositoryName } }))).toContain(defaults.version);
  });

  it.each([
    ['another tag', { tag: 'v99.0.0' }, /^the tag is v99\.0\.0, package\.json has/],
    ['a tag without its letter', { tag: defaults.version }, /^the tag is /],
    [
      'a version that the changelog does not tell',
      { version: '98.7.6', tag: 'v98.7.6' },
      /^CHANGELOG\.md has no section 98\.7\.6/,
    ],
    ['another repository', { env: { GITHUB_REPOSITORY: 'some/fork' } }, /change it first$/],
  ])('refuses %s', async (_, more, message) => {
    await expect(check(release(more))).rejects.toThrow(message);
  });
});

describe('the release notes', () => {
  it('link into the repository at the tag, and say how to install what was released', () => {
    const text = notesText({ version: '2.0.0' }, '- see [this](docs/a.md) and [that](https://example.com)');
    expect(text).toContain(`[this](${repositoryUrl}/blob/v2.0.0/docs/a.md)`);
    expect(text).toContain('[that](https://example.com)');
    expect(text).toContain(`oci://${published.chart} --version 2.0.0`);
  });
});
