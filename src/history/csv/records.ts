import { CsvProblem } from './csv-problem.ts';

/** One row of a delimited file. */
export interface CsvRecord {
  /** The line it begins on, counted from 1. */
  readonly line: number;
  /** Without quotes and surrounding spaces. */
  readonly fields: readonly string[];
}

/** A quoted field that reaches over more lines was never closed. */
const mostLinesOfRecord = 100;

/** The records of RFC 4180 in `lines`, from the one with the index `first` on; blank lines are left out. */
export function* recordsOf(lines: readonly string[], delimiter: string, first: number): Generator<CsvRecord> {
  for (let index = first; index < lines.length; index++) {
    const line = index + 1;
    let text = lines[index] ?? '';
    if (text.trim() === '' && !text.includes(delimiter)) continue;
    let fields = fieldsOf(text, delimiter);
    while (fields === undefined) {
      index++;
      if (index >= lines.length || index - line >= mostLinesOfRecord) {
        throw new CsvProblem(line, 'a quote opens here and is never closed; close it, or remove it');
      }
      text += `\n${lines[index]}`;
      fields = fieldsOf(text, delimiter);
    }
    yield { line, fields };
  }
}

/** The fields of one record; undefined while a quote is open at its end. */
export function fieldsOf(text: string, delimiter: string): readonly string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter).map((field) => field.trim());
  const fields: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const start = at + (/^ */.exec(text.slice(at, at + 80))?.[0].length ?? 0);
    const quoted = text.charAt(start) === '"' ? quotedFrom(text, start) : undefined;
    if (quoted === 'open') return undefined;
    const delimiterAt = text.indexOf(delimiter, quoted?.end ?? at);
    const end = delimiterAt < 0 ? text.length : delimiterAt;
    // What follows a closing quote belongs to no quoted field: the field stays as it is written, and is refused where it is read.
    const isClean = quoted !== undefined && text.slice(quoted.end, end).trim() === '';
    fields.push(isClean ? quoted.text.trim() : text.slice(at, end).trim());
    at = end + delimiter.length;
  }
  return fields;
}

/** The quoted text that begins at `start`, in which two quotes stand for one, and where it ends. */
function quotedFrom(text: string, start: number): { readonly text: string; readonly end: number } | 'open' {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return 'open';
    if (text.charAt(quote + 1) !== '"') {
      return { text: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    }
    from = quote + 2;
  }
}
