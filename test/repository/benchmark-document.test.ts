import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { benchParts } from '../../bench/benchmark.ts';
import { benchCommand } from '../../bench/command.ts';
import { documents, readDocument, section } from './markdown.ts';

/** Every command line of the benchmark that the documents show, as its words. */
const commands = documents.flatMap(({ path, text }) =>
  [...text.matchAll(/node bench\/main\.ts((?: [^`\n&]+)?)/g)].map(([line, words = '']) => ({
    path,
    line,
    words: words.trim().split(/\s+/),
  })),
);

describe('the commands of the benchmark in the documents', async () => {
  const command = new Command();
  await benchCommand.add(command, { stdout: () => {}, stderr: () => {}, isTty: false, env: {} });
  const flags = command.options.map(({ long }) => long);

  it('take flags and parts that the benchmark has', () => {
    expect(commands.length).toBeGreaterThan(10);
    expect(flags.length).toBeGreaterThan(8);
    for (const { path, line, words } of commands) {
      const unknown = words.filter((word) => word.startsWith('--') && !flags.includes(word));
      expect({ path, line, unknown }).toEqual({ path, line, unknown: [] });
      const [, parts] = /--parts ([\w,-]+)/.exec(line) ?? [];
      for (const part of parts?.split(',') ?? []) expect(benchParts, line).toContain(part);
    }
  });
});

describe('docs/benchmark.md', () => {
  const document = readDocument('docs/benchmark.md');
  /** Cells of every row of a section's table but its head. */
  const rowsOf = (title: string) =>
    section(document, title)
      .split('\n')
      .filter((line) => /^\| (?!---|idea )/.test(line))
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it('says of every idea what came of it, in figures, and which record has the reasons', () => {
    for (const title of ['Kept', 'Not kept']) {
      const rows = rowsOf(title);
      expect(rows.length, title).toBeGreaterThan(5);
      for (const cells of rows) expect(cells.at(-1), cells[0]).toMatch(/\]\((?:adr\/\d{4}-|models\.md|#)/);
    }
  });

  it('names a command for every idea that was kept', () => {
    for (const [idea, , command] of rowsOf('Kept'))
      expect(command, idea).toMatch(
        /^`(?:node bench\/main\.ts |node bench\/(?:families|hourly)\/|npx vitest run )/,
      );
  });
});
