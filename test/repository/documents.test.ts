import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../src/platform/errors.ts';
import { triggerKeys } from '../../src/scaler/index.ts';
import { projectRoot, trackedFiles } from './project-files.ts';

const read = (path: string) => readFileSync(resolve(projectRoot, path), 'utf8');

/** Cells of every row of a Markdown table whose first cell is a `code`. */
function tableRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the documents', () => {
  it('list every error code with what each edge makes of it, and no other', () => {
    const rows = tableRows(read('docs/errors.md'));
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

  it('list every trigger key with its default, and no other', () => {
    const rows = tableRows(section(read('docs/configuration.md'), 'Trigger metadata'));
    const documented = rows.map(([name, byDefault]) => [name?.match(/`([^`]+)`/)?.[1], byDefault]);
    const declared = Object.entries(triggerKeys).map(([name, key]) => [name, key.default ?? '**required**']);
    expect(documented.length).toBeGreaterThan(20);
    expect(documented).toEqual(declared);
  });

  it('link only to files that exist', () => {
    const documents = [...trackedFiles('docs'), 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].filter(
      (path) => path.endsWith('.md'),
    );
    const links = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(
        ([, target]) => [path, target ?? ''] as const,
      ),
    );
    expect(documents.length).toBeGreaterThan(8);
    expect(links.length).toBeGreaterThan(5);
    const broken = links.filter(([path, target]) => !existsSync(resolve(projectRoot, path, '..', target)));
    expect(broken).toEqual([]);
  });

  it('name only source and test files that exist', () => {
    const documents = [...trackedFiles('docs'), 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].filter(
      (path) => path.endsWith('.md'),
    );
    const names = documents.flatMap((path) =>
      [...read(path).matchAll(/`((?:src|test|proto|scripts|docs)\/[\w./-]+)`/g)].map(
        ([, name]) => [path, name ?? ''] as const,
      ),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(([, name]) => !existsSync(resolve(projectRoot, name)))).toEqual([]);
  });
});

/** The text from one `## heading` to the next. */
function section(markdown: string, heading: string): string {
  const start = markdown.indexOf(`## ${heading}`);
  if (start === -1) throw new Error(`no section "${heading}"`);
  const end = markdown.indexOf('\n## ', start + 1);
  return markdown.slice(start, end === -1 ? undefined : end);
}
