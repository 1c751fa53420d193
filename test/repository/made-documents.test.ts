import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tablesIn, withTables } from '../../bench/report/tables.ts';
import { hashFile, hashOf, madeDocuments, readText } from '../../tools/documents/made-documents.ts';
import { hashOfMade, modulesOf } from '../../tools/documents/source-hash.ts';
import { readDocument } from './markdown.ts';
import { trackedFiles } from './project-files.ts';

const hashes = JSON.parse(readFileSync(hashFile, 'utf8')) as Readonly<Record<string, string>>;
const paths = madeDocuments.map(({ path }) => path);
const skipped = process.env['FORESCALE_RECOMPUTE'] === '1' ? '' : ' (skipped: needs FORESCALE_RECOMPUTE=1)';

describe('the documents that are calculated', () => {
  it('are the results, the pictures, the tutorial, the benchmark and what a workload costs', () => {
    expect(paths).toEqual([
      ...['README.md', 'docs/images/day.svg', 'docs/images/cluster.svg', 'docs/kubernetes.md'],
      ...['docs/tutorial.md', 'bench/README.md'],
      ...['docs/images/scale.svg', 'docs/scale.md'],
    ]);
    expect(Object.keys(hashes)).toEqual(paths);
  });

  it.each(madeDocuments)('$path is from the code and the data of today', (document) => {
    expect(
      hashOf(document, readText(document.path)),
      `code or data behind ${document.path} changed, or its made part was edited by hand: run \`make docs\` and look at what it changes`,
    ).toBe(hashes[document.path]);
  });

  it.skipIf(skipped !== '').each(madeDocuments)(
    `$path is what is calculated today${skipped}`,
    { timeout: 300_000 },
    async ({ path, make, partOf }) => {
      const text = readText(path);
      expect(partOf(text).length).toBeGreaterThan(300);
      expect((await make(text)) === text, `${path} is stale: run \`make docs\``).toBe(true);
    },
  );

  it('include every picture that the documents show but the recording of the demo', () => {
    expect(trackedFiles('docs/images')).toEqual([
      ...['docs/images/cluster.svg', 'docs/images/day.svg', 'docs/images/demo.svg'],
      'docs/images/scale.svg',
    ]);
    expect(readDocument('docs/scale.md').text).toContain('](images/scale.svg)');
    expect(readDocument('docs/kubernetes.md').text).toContain('](images/cluster.svg)');
    expect(readDocument('README.md').text).toContain('](docs/images/day.svg)');
  });
});

describe('the hash of a calculated document', () => {
  it('covers every module that the results rest on, and no other part of the product', () => {
    const modules = modulesOf('tools/documents/document-results.ts');
    for (const folder of [
      'src/forecast/core/experts/',
      'src/controllers/',
      'src/load-shapes/',
      'src/scaler/',
    ])
      expect(modules.filter((path) => path.startsWith(folder)).length, folder).toBeGreaterThan(1);
    expect(modules.filter((path) => /^(?:src\/(?:api|cli|telemetry-app)|demo|test)\//.test(path))).toEqual(
      [],
    );
  });

  it('changes with the code, the data and the text', () => {
    const [one, other] = ['src/platform/moment.ts', 'src/platform/duration.ts'];
    const hash = hashOfMade(one, undefined, 'text');
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(hashOfMade(one, undefined, 'text')).toBe(hash);
    for (const changed of [
      hashOfMade(one, undefined, 'another text'),
      hashOfMade(one, 'bench/traces', 'text'),
      hashOfMade(other, undefined, 'text'),
    ])
      expect(changed).not.toBe(hash);
  });
});

describe('the tables of a document', () => {
  const text = 'a\n<!-- made -->\n\n| 1 |\n\n<!-- /made -->\nb';

  it('are replaced between their markers', () => {
    expect(withTables(text, new Map([['made', '| 1 |\n']]))).toBe(text);
    expect(withTables(text, new Map([['made', '| 2 |\n']]))).toBe(text.replace('| 1 |', '| 2 |'));
    expect(tablesIn(text, ['made'])).toBe('\n| 1 |\n\n');
  });

  it('must have their markers', () => {
    expect(() => withTables('no markers', new Map([['made', '']]))).toThrow('<!-- made -->');
    expect(() => tablesIn('no markers', ['made'])).toThrow('<!-- made -->');
  });
});

describe('the traces of the repository', () => {
  it('each have their source and licence beside them', () => {
    const { text } = readDocument('bench/traces/README.md');
    const files = trackedFiles('bench/traces').filter((file) => file.endsWith('.csv'));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${file.split('/').at(-1)}\``));
      expect(row, file).toMatch(/\]\(https:\/\/.+ \|.*(MIT|Apache-2\.0).*\]\([./\w-]+\) \|$/);
    }
  });
});
