import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deadLinks } from '../../tools/site/dead-links.ts';
import { navigation } from '../../tools/site/navigation.ts';
import { linkOnSite, sitePath } from '../../tools/site/site-path.ts';
import { siteDocuments } from '../../tools/site/write-pages.ts';
import { documents } from './markdown.ts';

describe('the site of the documents', () => {
  const shown = navigation.flatMap(({ pages }) => pages);

  it('has every document in its navigation exactly once (tools/site/navigation.ts), and no other', () => {
    const paths = documents.map(({ path }) => path).filter((path) => !path.startsWith('docs/adr/'));
    expect(paths.length).toBeGreaterThan(35);
    const inNavigation = shown.map(([path]) => path).filter((path) => path.endsWith('.md'));
    expect(paths.filter((path) => !inNavigation.includes(path))).toEqual([]);
    expect(inNavigation.filter((path, index) => inNavigation.indexOf(path) !== index)).toEqual([]);
    const ofTheBenchmark = ['bench/README.md', 'bench/traces/README.md'];
    expect(inNavigation.filter((path) => !paths.includes(path)).sort()).toEqual(ofTheBenchmark);
  });

  it('gives no name to two of its pages', () => {
    const names = shown.map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('shows every decision on record', () => {
    const decisions = documents.map(({ path }) => path).filter((path) => path.startsWith('docs/adr/'));
    expect(decisions.length).toBeGreaterThan(20);
    expect(decisions.filter((path) => !siteDocuments.includes(path))).toEqual([]);
  });

  it('has the README of a folder as the page of the folder, and a page for a file that is no document', () => {
    expect(sitePath('README.md')).toBe('index.md');
    expect(sitePath('k8s/README.md')).toBe('k8s/index.md');
    expect(sitePath('docs/adr')).toBe('docs/adr/index.md');
    expect(sitePath('docs/tutorial.md')).toBe('docs/tutorial.md');
    expect(sitePath('compose.yaml')).toBe('compose.yaml.md');
    expect(sitePath('docs/openapi.json')).toBe('docs/openapi.json');
  });

  it('hides no page, because what builds the site passes over hidden files and folders', () => {
    expect(sitePath('.github/workflows/release.yml')).toBe('github/workflows/release.yml.md');
    expect(linkOnSite('docs/releasing.md', '../.github/workflows/release.yml')).toBe(
      '/github/workflows/release.yml.md',
    );
  });

  it('follows links as GitHub does, and leaves those to other hosts and to headings alone', () => {
    expect(linkOnSite('docs/page.md', '../README.md#try-it')).toBe('/index.md#try-it');
    expect(linkOnSite('docs/page.md', 'adr/')).toBe('/docs/adr/index.md');
    expect(linkOnSite('docs/page.md', '#here')).toBe('#here');
    expect(linkOnSite('docs/page.md', 'https://example.com/a.md')).toBe('https://example.com/a.md');
    expect(() => linkOnSite('docs/page.md', 'nowhere.md')).toThrow('docs/nowhere.md');
  });
});

describe('the search for links that lead nowhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-dead-links-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names a file, a heading and a path outside the site that are not there, and nothing else', () => {
    const pages = {
      'index.html':
        '<h1 id="top">…</h1><a class="x" href="/base/a.html#one"></a><a href="./a.html#two"></a><a href="#top"></a>',
      'a.html':
        '<h2 id="one">…</h2><a href="/base/"></a><a href="/base/b.html"></a><a href="/a.html"></a><a href="https://example.com/c"></a>',
      'folder/index.html': '<a href="../a.html#one"></a><a href="/base/folder/"></a><a href="data.json"></a>',
      'folder/data.json': '{}',
    };
    for (const [path, html] of Object.entries(pages)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), html);
    }
    expect([...deadLinks(folder, '/base/')].sort()).toEqual([
      'a.html: /a.html',
      'a.html: /base/b.html',
      'index.html: ./a.html#two',
    ]);
  });
});
