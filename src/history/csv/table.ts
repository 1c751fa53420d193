import { CsvProblem } from './csv-problem.ts';
import { delimiterOf } from './delimiter.ts';
import { type CsvRecord, recordsOf } from './records.ts';

/** A delimited file: named columns, and rows of as many fields. */
export interface CsvTable {
  readonly delimiter: string;
  readonly headerLine: number;
  readonly header: readonly string[];
  readonly rows: readonly CsvRecord[];
  readonly notes: readonly string[];
  /** The first row that has more or fewer fields than the header; rows from there on are left out. */
  readonly problem?: CsvProblem;
}

/** First cells of the lines that CloudWatch writes above its rows; the cells beside them describe each column. */
const cloudWatchLabel = /^(?:full )?label$/i;
const cloudWatchFact =
  /^(?:(?:full )?label|id|stat(?:istic)?|period|metric|namespace|unit|region|account(?:[ _]?id)?|dimensions?|search|expression)$/i;

/** Reads the header and the rows; comments and Excel's `sep=;` may come before them. Throws a `CsvProblem`. */
export function readTable(lines: readonly string[]): CsvTable {
  let first = 0;
  let said: string | undefined;
  for (; first < lines.length; first++) {
    const line = lines[first]?.trim() ?? '';
    const separator = /^"?sep=(.|\\t)"?$/i.exec(lines[first] ?? '')?.[1];
    if (separator !== undefined) said = separator === '\\t' ? '\t' : separator;
    else if (line !== '' && !line.startsWith('#')) break;
  }
  if (first >= lines.length) {
    throw new CsvProblem(
      1,
      'the file is empty: it needs the header "timestamp,value" and a row for each moment',
    );
  }
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(lines[first] ?? '')) {
    throw new CsvProblem(
      first + 1,
      'this is a web page, perhaps of a login, or XML; export the numbers as CSV',
    );
  }
  const delimiter = said ?? delimiterOf(lines, first);
  if (delimiter === undefined) {
    throw new CsvProblem(
      first + 1,
      'the header must be "timestamp,value" or name several columns, and this line is one; remove what is above the header',
    );
  }
  const records = [...recordsOf(lines, delimiter, first)];
  const { header, notes, rows } = headed(records);
  return { delimiter, headerLine: first + 1, header, notes, ...fitting(rows, header.length) };
}

/** Tells the header, of one line or, from CloudWatch, of several, from the rows. */
function headed(records: readonly CsvRecord[]): {
  readonly header: readonly string[];
  readonly rows: readonly CsvRecord[];
  readonly notes: readonly string[];
} {
  const header = records[0]?.fields ?? [];
  if (!cloudWatchLabel.test(header[0] ?? '')) return { header, rows: records.slice(1), notes: [] };
  const firstRow = records.findIndex(({ fields }) => !cloudWatchFact.test(fields[0] ?? ''));
  const facts = firstRow < 0 ? records : records.slice(0, firstRow);
  const names = facts.find(({ fields }) => /^label$/i.test(fields[0] ?? ''))?.fields ?? header;
  const statistics = facts.find(({ fields }) => /^stat/i.test(fields[0] ?? ''))?.fields ?? [];
  const isCount = statistics.some((statistic) => /^(?:sum|samplecount|n)$/i.test(statistic));
  return {
    header: ['timestamp', ...names.slice(1)],
    rows: firstRow < 0 ? [] : records.slice(firstRow),
    notes: isCount
      ? ['CloudWatch statistic Sum: each value is a count of its period, not a rate per second']
      : [],
  };
}

/** The rows up to the first that does not have `columns` fields. At the end, rows of nothing but delimiters are blank. */
function fitting(
  records: readonly CsvRecord[],
  columns: number,
): { readonly rows: readonly CsvRecord[]; readonly problem?: CsvProblem } {
  const last = records.findLastIndex(
    ({ fields }) => fields.length < 2 || fields.some((field) => field !== ''),
  );
  const filled = records.slice(0, last + 1);
  const at = filled.findIndex(({ fields }) => fields.length !== columns);
  const wrong = filled[at];
  if (wrong === undefined) return { rows: filled };
  const why = `has ${wrong.fields.length} columns where the header has ${columns}; put a field that has the delimiter in it in quotes, such as "1,234.5"`;
  return { rows: filled.slice(0, at), problem: new CsvProblem(wrong.line, why) };
}
