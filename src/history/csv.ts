import { createReadStream } from 'node:fs';
import { ForescaleError } from '../platform/errors.ts';
import { parseMoment } from '../platform/moment.ts';
import { type ColumnChoice, chooseColumns, leftOutNotes } from './csv/columns.ts';
import { type Cell, CsvProblem, type ReadColumn } from './csv/csv-problem.ts';
import type { DecimalMark } from './csv/decimal-mark.ts';
import { decode } from './csv/decode.ts';
import { rangeSeries } from './csv/range-json.ts';
import { readTable } from './csv/table.ts';
import { readTimes } from './csv/time-column.ts';
import { readValues } from './csv/value-column.ts';
import { commonestDistance } from './row-distance.ts';
import type { History } from './source.ts';

/** How a file of rows is to be read, where the file does not say it. */
export interface CsvOptions extends ColumnChoice {
  /** Distance of the rows, seconds; default: the most frequent distance between them. */
  readonly stepSeconds?: number | undefined;
  /** What the values have before their decimals; default: what the column shows. */
  readonly decimalMark?: DecimalMark | undefined;
}

const defaultMaxBytes = 256 * 1024 * 1024;

/**
 * Reads rows of times and values from delimited text, or from a JSON answer of `query_range`. The plain form is `timestamp,value`:
 * a timestamp in unix seconds or as an ISO time (UTC where it has no zone), and an empty or `NaN` value for a missing row. Exports of
 * dashboards and spreadsheets are told by their columns as a whole, and `warnings` say how they were understood. Throws `invalid-csv`,
 * which names the first line that is unreadable, out of order, there twice, negative or can be read in two ways, and the remedy.
 */
export function parseCsvHistory(text: string, options: CsvOptions = {}): History {
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return /^\s*[{[]/.test(unmarked) ? ofJson(unmarked, options) : ofTable(unmarked, options);
}

function ofJson(text: string, options: CsvOptions): History {
  const { times, values } = rangeSeries(text, options.column);
  const show = (sample: number) =>
    `sample ${sample} "${times[sample - 1]?.text}, ${values[sample - 1]?.text}"`;
  const read = { times: readTimes(times), values: readValues(values, { delimiter: ',' }) };
  return namingPlaces(show, () => historyOf(times, read.times, read.values, options.stepSeconds));
}

function ofTable(text: string, options: CsvOptions): History {
  const lines = text.split(/\r\n|\n|\r/);
  const show = (line: number) => {
    const written = lines[line - 1] ?? '';
    return `line ${line} "${written.length > 80 ? `${written.slice(0, 80)}…` : written}"`;
  };
  return namingPlaces(show, () => {
    const table = readTable(lines);
    const columns = chooseColumns(table, options);
    const cells = (index: number) =>
      table.rows.map(({ line, fields }) => ({ line, text: fields[index] ?? '' }));
    const times = cells(columns.time);
    const read = {
      times: readTimes(times),
      values: readValues(cells(columns.value), { ...table, ...options }),
    };
    const history = historyOf(times, read.times, read.values, options.stepSeconds, table.problem);
    const isPlain =
      table.header.join().toLowerCase() === 'timestamp,value' &&
      parseMoment(times[0]?.text ?? '') !== undefined;
    const notes = [...table.notes, ...leftOutNotes(table, columns), ...(isPlain ? [] : zoneNotes(times))];
    return { ...history, warnings: [...notes, ...history.warnings] };
  });
}

/** Says which row is wrong, by its place and its text. */
function namingPlaces<T>(show: (line: number) => string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CsvProblem)) throw cause;
    throw new ForescaleError('invalid-csv', `${show(cause.line)}: ${cause.message}`, { cause });
  }
}

/** A dashboard writes times in the zone of its browser, and does not say so. */
function zoneNotes(times: readonly Cell[]): string[] {
  const named = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})(?:\s.*|\(.*\))?$/i;
  const naive = times.find(({ text }) => text.includes(':') && !named.test(text));
  return naive === undefined
    ? []
    : [`times such as "${naive.text}" (line ${naive.line}) name no zone and are read as UTC`];
}

/** Puts the columns together, up to the first problem in either of them, and throws that. */
function historyOf(
  cells: readonly Cell[],
  times: ReadColumn,
  values: ReadColumn,
  stepSeconds: number | undefined,
  laterProblem?: CsvProblem,
): History {
  const problems = [times.problem, values.problem, laterProblem].filter((problem) => problem !== undefined);
  const [problem] = problems.sort((a, b) => a.line - b.line);
  const timestamps: number[] = [];
  const numbers: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, unixSeconds] of times.numbers.entries()) {
    const { line } = cells[index] ?? { line: 0 };
    if (problem !== undefined && line >= problem.line) break;
    if (unixSeconds <= previous) {
      throw new CsvProblem(line, whyOutOfOrder(times.numbers, unixSeconds === previous));
    }
    previous = unixSeconds;
    const value = values.numbers[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    timestamps.push(unixSeconds);
    numbers.push(value);
  }
  if (problem !== undefined) throw problem;
  return {
    stepSeconds: stepSeconds ?? stepOf(times.numbers),
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(numbers),
    warnings: [...times.notes, ...values.notes],
  };
}

function whyOutOfOrder(times: readonly number[], isTwice: boolean): string {
  if (times.every((time, index) => index === 0 || time < (times[index - 1] ?? time))) {
    return 'the timestamp is older than the one before, as in all rows: the newest is first; sort the rows by time';
  }
  return isTwice
    ? 'the timestamp is there twice; keep one of the rows, or the rows of one series where the file has several'
    : 'the timestamp is older than the one before; sort the rows by time, or keep the rows of one series where the file has several';
}

/** Distance of the rows. Throws `invalid-csv` for fewer than two rows, which have none. */
function stepOf(times: readonly number[]): number {
  const stepSeconds = commonestDistance(times);
  if (stepSeconds !== undefined) return stepSeconds;
  throw new ForescaleError(
    'invalid-csv',
    times.length === 0
      ? 'there is a header and no row with a time below it: there is nothing to read'
      : 'one row is too few to see their distance; say it with --step',
  );
}

/** Reads the history in a file, or from `stdin` where the path is `-`. Throws `too-large` for more than `maxBytes`. */
export async function readCsvHistory(
  path: string,
  options: CsvOptions & {
    readonly stdin?: AsyncIterable<Uint8Array> | undefined;
    readonly maxBytes?: number;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<History> {
  const { maxBytes = defaultMaxBytes, signal } = options;
  const input = path === '-' ? (options.stdin ?? process.stdin) : createReadStream(path);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of input) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new ForescaleError(
          'too-large',
          `--csv: ${path} is larger than ${maxBytes / 1_048_576} MiB; leave out old rows or use a longer step`,
        );
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ForescaleError || signal?.aborted === true) throw cause;
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ForescaleError('invalid-argument', `--csv: cannot read ${path}: ${why}`, { cause });
  }
  return parseCsvHistory(decode(Buffer.concat(chunks, bytes)), options);
}
