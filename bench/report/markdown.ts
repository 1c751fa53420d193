import type { Section } from './report.ts';

/** Sections as Markdown; `depth` is the level of their headings. */
export function toMarkdown(sections: readonly Section[], depth: number): string {
  return sections
    .map(
      ({ title, notes, rows }) =>
        `${'#'.repeat(depth)} ${title}\n\n${notes.join('\n\n')}\n\n${tableOf(rows)}`,
    )
    .join('\n');
}

function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const ruler = head.map((_, column) => (column === 0 ? ':--' : '--:'));
  return `${[head, ruler, ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}\n`;
}
