import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { experts } from '../../src/forecast/core/experts/index.ts';
import { parseScaledObject } from '../../src/keda-sim/index.ts';
import { errorTable } from '../../src/platform/errors.ts';
import { parseTriggerMetadata } from '../../src/scaler/trigger-metadata.ts';
import { documents, fences, readDocument, section, tableRows } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

describe('the documents', () => {
  it('list every error code with what each edge makes of it, and no other', () => {
    const rows = tableRows(readDocument('docs/errors.md').text);
    const expected = Object.entries(errorTable).map(
      ([code, { meaning, httpStatus, grpcStatus, exitCode }]) => [
        `\`${code}\``,
        meaning,
        String(httpStatus),
        grpcStatus,
        String(exitCode),
      ],
    );
    expect(rows.length).toBeGreaterThan(10);
    expect(rows).toEqual(expected);
  });

  it('list every expert of the forecast in the order of its table, and no other', () => {
    const rows = tableRows(section(readDocument('docs/models.md'), 'Experts'));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.map(([name]) => name)).toEqual(Object.keys(experts).map((name) => `\`${name}\``));
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
  });

  it('number each decision once, as its first line does', () => {
    const decisions = documents.filter(({ path }) => path.startsWith('docs/adr/'));
    expect(decisions.length).toBeGreaterThan(20);
    const numbers = decisions.map(({ path }) => Number(/\/(\d{4})-/.exec(path)?.[1]));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const titles = decisions.map(({ text }) => Number(/^# (\d+)\. /.exec(text)?.[1]));
    expect(titles).toEqual(numbers);
  });

  it('link only to files that exist', () => {
    const links = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
        ([, target]) => [path, target ?? ''] as const,
      ),
    );
    expect(documents.length).toBeGreaterThan(12);
    expect(links.length).toBeGreaterThan(15);
    const broken = links.filter(([path, target]) => !existsSync(resolve(projectRoot, path, '..', target)));
    expect(broken).toEqual([]);
  });

  it('are each reached from the README, by links', () => {
    const linksOf = (path: string) =>
      [
        ...(documents.find((one) => one.path === path)?.text ?? '').matchAll(/\]\((?!https?:|#)([^)#]+)/g),
      ].map(([, target = '']) => relative(projectRoot, resolve(projectRoot, path, '..', target)));
    const reached = new Set(['README.md']);
    for (const path of reached) for (const target of linksOf(path)) reached.add(target);
    const pages = documents.map(({ path }) => path).filter((path) => /^docs\/[^/]+\.md$/.test(path));
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.filter((path) => !reached.has(path))).toEqual([]);
  });

  it('name only source, test and script files that exist', () => {
    const names = documents.flatMap(({ path, text }) =>
      [
        // Pages of others have folders called docs too.
        ...text
          .replaceAll(/https?:\/\/[^\s)]+/g, '')
          .matchAll(/\b((?:(?:src|bench|tools|test|proto|loadtests|docs)\/[\w./-]+\w|demo\/[\w/-]+\.\w+))/g),
      ].map(([, name]) => [path, name ?? ''] as const),
    );
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter(([, name]) => !existsSync(resolve(projectRoot, name)))).toEqual([]);
  });

  it.each([
    ['promise', 'docs/promises.md', /^\| \d+ \|/, 11],
    ['threat', 'docs/threat-model.md', /^\| `T\d+` \|/, 14],
  ])('hold every %s by tests that exist', (_, path, row, least) => {
    const rows = readDocument(path)
      .text.split('\n')
      .filter((line) => row.test(line));
    expect(rows.length).toBeGreaterThanOrEqual(least);
    for (const line of rows) {
      const cell = line.split('|').at(-2) ?? '';
      const tests = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      expect(tests.length, line).toBeGreaterThan(0);
      expect(
        tests.filter((name) => !name.endsWith('.test.ts') || !existsSync(resolve(projectRoot, name))),
      ).toEqual([]);
    }
  });

  it('name only functions that the code has, in the life of one KEDA poll', () => {
    const sources = trackedFiles('src')
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(resolve(projectRoot, path), 'utf8'))
      .join('\n');
    const life = section(readDocument('ARCHITECTURE.md'), 'Life of one KEDA poll');
    const named = [...life.matchAll(/`([\w./-]+\.ts): (\w+)`/g)];
    expect(named.length).toBeGreaterThan(5);
    for (const [, file = '', name = ''] of named) {
      const [path] = trackedFiles('src').filter((one) => one.endsWith(`/${file}`));
      expect(path, `${file} of ${name}`).toBeDefined();
      expect(readFileSync(resolve(projectRoot, path ?? ''), 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
    }
    const words = [...life.matchAll(/\(`([a-zA-Z.]+)`\)/g)].map(([, name = '']) => name);
    expect(words.filter((name) => !sources.includes(name.split('.').at(-1) ?? name))).toEqual([]);
  });

  it('contain YAML that parses', () => {
    const yaml = fences.filter(({ language }) => language === 'yaml');
    expect(yaml.length).toBeGreaterThan(2);
    for (const { text } of yaml) expect(parseYaml(text)).toBeTypeOf('object');
  });

  it('show a ScaledObject that keda-sim plays and whose every key the scaler knows', () => {
    const manifests = fences.filter(({ text }) => text.includes('kind: ScaledObject'));
    expect(manifests.length).toBeGreaterThan(0);
    for (const { path, text } of manifests) {
      const { metadata, ignored } = parseScaledObject(text, path);
      expect(ignored).toEqual([]);
      expect(parseTriggerMetadata(metadata).warnings).toEqual([]);
    }
  });

  it('name only variables that the code reads', () => {
    const pattern = /\b(?:FORESCALE|APP|LOAD)_[A-Z]+\d*(?:_[A-Z]+\d*)*\b/g;
    const code = ['src', 'bench', 'demo', 'tools', 'test', 'loadtests']
      .flatMap(trackedFiles)
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => readFileSync(resolve(projectRoot, path), 'utf8').match(pattern) ?? []);
    const named = documents.flatMap(({ text }) => text.match(pattern) ?? []);
    expect(new Set(named).size).toBeGreaterThan(15);
    expect(named.filter((name) => !code.includes(name))).toEqual([]);
  });
});
