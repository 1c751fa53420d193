import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulateDay } from '../../tools/documents/document-day.ts';
import { madeTables, traceTables, withTables } from '../../tools/documents/document-results.ts';
import { dayPicture, drawDay } from '../../tools/documents/draw-day.ts';
import { readDocument } from './markdown.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

const remedy =
  'run: npm exec -c "node tools/documents/draw-day.ts && node tools/documents/document-results.ts"';

describe('the picture of the README', () => {
  it('is what its script draws today', async () => {
    const drawn = drawDay(await simulateDay());
    expect(drawn.length).toBeGreaterThan(20_000);
    expect(drawn === readFileSync(dayPicture, 'utf8'), `docs/images/day.svg is stale; ${remedy}`).toBe(true);
  });

  it('is one of the files of the project and the README shows it', () => {
    expect(trackedFiles('docs/images')).toEqual(['docs/images/day.svg', 'docs/images/demo.svg']);
    expect(dayPicture).toBe(`${projectRoot}docs/images/day.svg`);
    expect(readDocument('README.md').text).toContain('](docs/images/day.svg)');
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

describe('the results in the README', () => {
  const { text } = readDocument('README.md');

  it('of made traffic are what their commands print today', async () => {
    const tables = await madeTables();
    expect([...tables.keys()]).toEqual(['made', 'day']);
    expect(withTables(text, tables), remedy).toBe(text);
  });

  it('of real traffic are what their command prints today', { timeout: 120_000 }, async () => {
    expect(withTables(text, await traceTables()), remedy).toBe(text);
  });

  it('would not pass when a number had changed', () => {
    const before = 'a\n<!-- made -->\n\n| 1 |\n\n<!-- /made -->\nb';
    expect(withTables(before, new Map([['made', '| 1 |\n']]))).toBe(before);
    expect(withTables(before, new Map([['made', '| 2 |\n']]))).toBe(before.replace('| 1 |', '| 2 |'));
    expect(() => withTables('no markers', new Map([['made', '']]))).toThrow('<!-- made -->');
  });
});
