import { markdownTable } from '../../report/markdown.ts';
import type { ScaleReport } from './scale-report.ts';
import { scaleSections } from './scale-sections.ts';

/** The table of docs/scale.md, by its marker. */
export function scaleTables(report: ScaleReport): ReadonlyMap<string, string> {
  const parts = scaleSections(report).map(
    ({ notes, rows }) => `${notes.join('\n\n')}\n\n${markdownTable(rows)}`,
  );
  return new Map([['scale', `\n${parts.join('\n')}`]]);
}
