import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot, trackedFiles } from './project-files.ts';

export interface Document {
  /** Relative to the project root. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block: its language and what is in it. */
export interface Fence {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

export function readDocument(path: string): Document {
  return { path, text: readFileSync(resolve(projectRoot, path), 'utf8') };
}

/** Every Markdown document of the project. */
export const documents: readonly Document[] = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
  ...[...trackedFiles('docs'), ...trackedFiles('k8s')].filter((path) => path.endsWith('.md')),
].map(readDocument);

export const fences: readonly Fence[] = documents.flatMap(({ path, text }) =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    path,
    language,
    text: body,
  })),
);

/** Cells of every row of the Markdown tables whose first cell begins with a `code`. */
export function tableRows(markdown: string): string[][] {
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

/** The text from one `## heading` to the next. */
export function section({ path, text }: Document, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`);
  if (start === -1) throw new Error(`${path} has no section "${heading}"`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end === -1 ? undefined : end);
}
