import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { runCli } from '../../../src/cli/run.ts';
import { packageFile } from '../../../tools/release/places.ts';
import { setVersion } from '../../../tools/release/version/set-version.ts';
import { mayName, namedVersions, rangeOf, withVersion } from '../../../tools/release/version/spellings.ts';
import { openTemporaryFolder } from '../../../tools/temporary-folder.ts';
import { readComposeFile, readProjectFile } from '../compose-file.ts';
import { projectRoot, trackedFiles } from '../project-files.ts';

const { version } = packageFile;
const files = trackedFiles('.');
const named = files
  .filter(mayName)
  .map((path) => ({ path, versions: namedVersions(path, readProjectFile(path)) }))
  .filter(({ versions }) => versions.length > 0);
const copy = await openTemporaryFolder('forescale-version');
afterAll(() => copy.remove());

describe('the version', () => {
  it('is the same in every file that says one', () => {
    expect(named.length).toBeGreaterThan(15);
    const others = named.filter(({ versions }) =>
      versions.some((one) => one !== version && one !== rangeOf(version)),
    );
    expect(others).toEqual([]);
  });

  it('is said in no line about Forescale in a way that a release would not find', () => {
    const literal = new RegExp(`(?<![\\d.])${version.replaceAll('.', '\\.')}(?![\\d.]*\\d)`, 'g');
    const lines = files
      .filter((path) => mayName(path) && path !== 'package-lock.json')
      .flatMap((path) =>
        readProjectFile(path)
          .split('\n')
          .map((line) => ({ path, line })),
      )
      .filter(({ line }) => /forescale/i.test(line) && line.search(literal) !== -1);
    expect(lines.length).toBeGreaterThan(20);
    const unseen = lines.filter(
      ({ path, line }) => [...line.matchAll(literal)].length !== namedVersions(path, line).length,
    );
    expect(unseen).toEqual([]);
  });

  it.each([
    'ref: https://git.example/shop//k8s/base?ref=v7.8.9',
    'targetRevision: 7.8.9',
    'appVersion: "7.8.9"',
    'image: registry.example/team/forescale:7.8.9',
    'docker build --build-arg VERSION=7.8.9',
    'helm install x oci://h/charts/forescale --version 7.8.9',
  ])('is found in %s', (line) => {
    expect(namedVersions('docs/a.md', line)).toEqual(['7.8.9']);
    expect(withVersion('docs/a.md', line, '8.0.0')).toBe(line.replace('7.8.9', '8.0.0'));
  });

  it('is that of the command, the API, the chart, its image, compose and the manifests', async () => {
    let printed = '';
    const write = (text: string) => {
      printed += text;
    };
    await runCli(['--version'], { stdout: write, stderr: write, isTty: false, env: {} });
    const chart = parseYaml(readProjectFile('k8s/charts/forescale/Chart.yaml')) as Record<string, string>;
    const { info } = JSON.parse(readProjectFile('docs/openapi.json')) as { info: { version: string } };
    const { image, build } = readComposeFile().services['forescale'] ?? {};
    const [, inBase] = /image: forescale:(\S+)/.exec(readProjectFile('k8s/base/deployment.yaml')) ?? [];
    expect({
      command: printed.trim(),
      api: info.version,
      chart: chart['version'],
      chartImage: chart['appVersion'],
      compose: image,
      composeLabel: build?.args['VERSION'],
      base: inBase,
    }).toEqual({
      command: version,
      api: version,
      chart: version,
      chartImage: version,
      compose: `forescale:${version}`,
      composeLabel: version,
      base: version,
    });
  });
});

describe('another version', () => {
  const read = (path: string) => readFileSync(join(copy.path, path), 'utf8');
  const bring = () => {
    for (const path of [...named.map(({ path }) => path), 'CHANGELOG.md']) {
      mkdirSync(dirname(join(copy.path, path)), { recursive: true });
      cpSync(join(projectRoot, path), join(copy.path, path));
    }
  };
  const set = (to: string) =>
    setVersion(copy.path, [...named.map(({ path }) => path), 'CHANGELOG.md'], {
      version: to,
      date: '2031-02-03',
    });

  it('is written into each of them, and the changelog tells what it brings', () => {
    bring();
    const changed = set('12.3.4-rc.1');
    expect([...changed].sort()).toEqual([...named.map(({ path }) => path), 'CHANGELOG.md'].sort());
    for (const { path, versions } of named) {
      const expected = versions.map((one) => (one.endsWith('.x') ? '12.3.x' : '12.3.4-rc.1'));
      expect([path, ...namedVersions(path, read(path))]).toEqual([path, ...expected]);
    }
    expect(read('CHANGELOG.md')).toContain('\n## [Unreleased]\n\n## [12.3.4-rc.1] - 2031-02-03\n\n### ');
    const hub = parseYaml(read('k8s/artifacthub/artifacthub-pkg.yml')) as Record<string, unknown>;
    expect(hub).toMatchObject({ version: '12.3.4-rc.1', createdAt: '2031-02-03T00:00:00Z' });
    expect(hub['changes']).not.toEqual([]);
  });

  it('is refused, and nothing written, where nothing is unreleased or it is no version', () => {
    bring();
    set('12.3.4');
    const before = named.map(({ path }) => read(path));
    expect(() => set('12.3.5')).toThrow('nothing below [Unreleased]');
    expect(() => set('12.3.4')).toThrow('has 12.3.4 already');
    expect(() => set('twelve')).toThrow('no version');
    expect(named.map(({ path }) => read(path))).toEqual(before);
  });
});
