import type { Section } from './report.ts';

/** Sections as Markdown; `depth` is the level of their headings. */
export function toMarkdown(sections: readonly Section[], depth: number): string {
  return sections
    .map(
      ({ title, notes, rows }) =>
        `${'#'.repeat(depth)} ${title}\n\n${notes.join('\n\n')}\n\n${markdownTable(rows)}`,
    )
    .join('\n');
}

/** A table whose first row is the heading, with numbers to the right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const ruler = head.map((_, column) => (column === 0 ? ':--' : '--:'));
  return `${[head, ruler, ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}\n`;
}
