import { closestName } from '../../platform/schema/closest-name.ts';
import { CsvProblem } from './csv-problem.ts';
import type { CsvTable } from './table.ts';
import { isTime } from './time-formats.ts';
import { isMissing, isValue } from './value-column.ts';

/** Names by which users choose columns; undefined = the only one that fits. */
export interface ColumnChoice {
  readonly column?: string | undefined;
  readonly timeColumn?: string | undefined;
}

/** Headers of a column of times, in lower case, as tools write them in English and in German. */
const timeNames =
  /^(?:@?timestamp|_?time|date|date ?time|datetime|date[_/ ]time|ts|epoch|zeit|uhrzeit|zeitstempel|zeitpunkt|datum|datum[/ ]uhrzeit)(?:[ _]*\(?(?:utc|gmt|ms|s|ns|us)\)?)?(?: per .*)?$/i;
const sampledRows = 200;

/** Indexes of the columns of times and of values. Throws a `CsvProblem` where several fit, and lists them. */
export function chooseColumns(
  table: CsvTable,
  choice: ColumnChoice,
): { readonly time: number; readonly value: number } {
  refuseMissingHeader(table);
  const time = timeColumnOf(table, choice.timeColumn);
  const value =
    choice.column === undefined ? valueColumnOf(table, time) : named(table, choice.column, '--column');
  if (time === value) {
    throw new CsvProblem(
      table.headerLine,
      `--column: "${choice.column}" is the column of the times; choose one of ${list(table, [time])}`,
    );
  }
  const [first] = table.rows;
  if (first !== undefined && timeNames.test(first.fields[time] ?? '')) {
    throw new CsvProblem(first.line, 'this is a second header; remove the line above it');
  }
  return { time, value };
}

/** A first line that is a row already has no names, and its row would be lost. */
function refuseMissingHeader({ header, headerLine }: CsvTable): void {
  const times = header.filter(isTime);
  const isRow = times.length > 0 && header.every((cell) => isTime(cell) || isValue(cell));
  if (!isRow) return;
  throw new CsvProblem(
    headerLine,
    'there is no header: the first line is a row already; the header must be "timestamp,value", so add it as the first line',
  );
}

function timeColumnOf(table: CsvTable, wanted: string | undefined): number {
  if (wanted !== undefined) return named(table, wanted, '--time-column');
  const indexes = table.header.map((_, index) => index);
  const byName = indexes.filter((index) => timeNames.test(table.header[index] ?? ''));
  if (byName.length === 1) return byName[0] ?? 0;
  const asked = byName.length > 1 ? byName : indexes;
  // Any number of today is a unix second, so that without a name only what cannot be a value counts.
  const byCells = asked.filter((index) =>
    sample(table, index).every(
      (cell) => isTime(cell) && (byName.length > 1 || !/^[\d.]+$/.test(cell) || Number(cell) > 1e9),
    ),
  );
  const clock = byName.find((index) => sample(table, index).some((cell) => /^\d{1,2}:\d{2}/.test(cell)));
  if (byName.length > 1 && clock !== undefined) {
    const why = `the date and the time of day are in two columns, ${list(table, [], byName)}; join them into one, such as 2026-01-05 09:00`;
    throw new CsvProblem(table.headerLine, why);
  }
  if (byCells.length === 1 && table.rows.length > 0) return byCells[0] ?? 0;
  throw new CsvProblem(
    table.headerLine,
    byName.length === 0 && byCells.length === 0
      ? `the header must be "timestamp,value" or name a column of times; the columns are ${list(table)}: rename the one with the times, or choose it with --time-column`
      : `several columns can be the times: ${list(table, [], byName.length > 1 ? byName : byCells)}; choose one with --time-column`,
  );
}

function valueColumnOf(table: CsvTable, time: number): number {
  const others = table.header.map((_, index) => index).filter((index) => index !== time);
  const filled = others.filter(
    (index) => table.header[index] !== '' || table.rows.some(({ fields }) => fields[index] !== ''),
  );
  const numeric = filled.filter((index) =>
    table.rows.some(({ fields }) => isValue(fields[index] ?? '') && !isMissing(fields[index] ?? '')),
  );
  const fitting = likelyOf(table, numeric.length > 0 || table.rows.length === 0 ? numeric : filled);
  const [only] = filled.length === 1 ? filled : fitting;
  if (only !== undefined && (filled.length === 1 || fitting.length === 1)) return only;
  if (table.rows.length === 0 && filled[0] !== undefined) return filled[0];
  throw new CsvProblem(
    table.headerLine,
    fitting.length === 0
      ? 'no column has values; the header must be "timestamp,value"'
      : `${fitting.length} columns can be the values: ${list(table, [], fitting)}; choose one with --column`,
  );
}

/** Says which columns tell several things apart, such as the series that rows belong to, and are not looked at. */
export function leftOutNotes(
  table: CsvTable,
  columns: { readonly time: number; readonly value: number },
): string[] {
  return table.header.flatMap((name, index) => {
    if (index === columns.time || index === columns.value) return [];
    const texts = new Set(
      table.rows.map(({ fields }) => fields[index] ?? '').filter((text) => !isValue(text)),
    );
    const [one, other] = texts;
    return other === undefined
      ? []
      : [`column "${name}" is not looked at, though it tells rows apart: "${one}", "${other}"`];
  });
}

/** Without the number of the row, which has no name; `_value` is by its name the value wherever it appears. */
function likelyOf({ header }: CsvTable, fitting: readonly number[]): readonly number[] {
  const values = fitting.filter((index) => header[index] === '_value');
  return values.length === 1 ? values : fitting.filter((index) => header[index] !== '');
}

/** The column that a user names: exactly, or else without regard to case. */
function named(table: CsvTable, name: string, flag: string): number {
  const lower = name.trim().toLowerCase();
  const exact = table.header.flatMap((header, index) => (header === name ? [index] : []));
  const alike = table.header.flatMap((header, index) => (header.toLowerCase() === lower ? [index] : []));
  const found = exact.length > 0 ? exact : alike;
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const meant = closestName(name, table.header);
  const why =
    found.length > 1
      ? `${found.length} columns are called "${name}"; give each its own name`
      : `there is no column "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}; the columns are ${list(table)}`;
  throw new CsvProblem(table.headerLine, `${flag}: ${why}`);
}

function sample({ rows }: CsvTable, index: number): string[] {
  return rows.slice(0, sampledRows).map(({ fields }) => fields[index] ?? '');
}

function list(
  { header }: CsvTable,
  without: readonly number[] = [],
  only: readonly number[] = header.map((_, index) => index),
): string {
  const names = only.filter((index) => !without.includes(index)).map((index) => `"${header[index]}"`);
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`
    : names.join(', ');
}
