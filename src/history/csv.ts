import { createReadStream } from 'node:fs';
import { ForescaleError } from '../platform/errors.ts';
import { parseMoment } from '../platform/moment.ts';
import { commonestDistance } from './row-distance.ts';
import type { History } from './source.ts';

export interface CsvOptions {
  /** Distance of the rows, seconds; default: the most frequent distance between them. */
  readonly stepSeconds?: number | undefined;
}

const defaultMaxBytes = 256 * 1024 * 1024;
const byteOrderMark = '\uFEFF';

/**
 * Reads rows of `timestamp,value`. A timestamp is in unix seconds or an ISO time (UTC where it has no zone); an empty or `NaN` value
 * is a missing row. Throws `invalid-csv`, which names the first line that is unreadable, out of order, there twice or negative, and
 * the remedy.
 */
export function parseCsvHistory(text: string, options: CsvOptions = {}): History {
  const lines = linesOf(text);
  const header = lines.next();
  checkHeader(header.done === true ? '' : header.value.text);
  const times: number[] = [];
  const timestamps: number[] = [];
  const values: number[] = [];
  let previous = Number.NEGATIVE_INFINITY;
  for (const { text: line, number } of lines) {
    if (line === '') continue;
    const comma = line.indexOf(',');
    const unixSeconds = comma < 0 ? undefined : parseMoment(unquoted(line.slice(0, comma)));
    const value = comma < 0 ? undefined : parseValue(line.slice(comma + 1));
    if (unixSeconds === undefined || value === undefined || value < 0 || unixSeconds <= previous) {
      throw invalid(number, line, whyRefused(line, unixSeconds, value, previous));
    }
    previous = unixSeconds;
    times.push(unixSeconds);
    if (Number.isNaN(value)) continue;
    timestamps.push(unixSeconds);
    values.push(value);
  }
  return {
    stepSeconds: options.stepSeconds ?? stepOf(times),
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    warnings: [],
  };
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
  return parseCsvHistory(Buffer.concat(chunks, bytes).toString('utf8'), options);
}

function* linesOf(text: string): Generator<{ readonly text: string; readonly number: number }> {
  let start = text.startsWith(byteOrderMark) ? 1 : 0;
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    yield { text: text.slice(start, text.charAt(end - 1) === '\r' ? end - 1 : end), number };
    start = end + 1;
  }
}

function checkHeader(line: string): void {
  const columns = line.split(',').map((column) => unquoted(column).toLowerCase());
  if (columns.length === 2 && columns[0] === 'timestamp' && columns[1] === 'value') return;
  throw invalid(1, line, 'the header must be "timestamp,value"; add it as the first line');
}

/** Reads a value: NaN where it is missing, undefined where it is unreadable. */
function parseValue(field: string): number | undefined {
  const text = unquoted(field);
  if (text === '' || text.toLowerCase() === 'nan') return Number.NaN;
  // Number() would also accept hexadecimal numbers and words such as Infinity.
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function unquoted(field: string): string {
  const text = field.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

/** Why a row cannot be taken, and the remedy. */
function whyRefused(
  line: string,
  unixSeconds: number | undefined,
  value: number | undefined,
  previous: number,
): string {
  const columns = line.split(',').length;
  if (columns !== 2) return `has ${columns} columns; write "timestamp,value"`;
  if (unixSeconds === undefined) {
    return /^"?\d{13,}"?,/.test(line)
      ? 'the timestamp is in milliseconds; divide it by 1000'
      : 'the timestamp is unreadable; write unix seconds or an ISO time such as 2026-01-05T09:00Z';
  }
  if (value === undefined) {
    return 'the value is unreadable; write a number such as 12.5, or nothing where it is missing';
  }
  if (value < 0) return 'the value is negative, and demand is not; leave it empty where it is missing';
  return unixSeconds === previous
    ? 'the timestamp is there twice; keep one of the rows'
    : 'the timestamp is older than the one before; sort the rows by time';
}

function invalid(number: number, line: string, why: string): ForescaleError {
  const shown = line.length > 80 ? `${line.slice(0, 80)}…` : line;
  return new ForescaleError('invalid-csv', `line ${number} "${shown}": ${why}`);
}

/** Distance of the rows. Throws `invalid-csv` for fewer than two rows, which have none. */
function stepOf(times: readonly number[]): number {
  const stepSeconds = commonestDistance(times);
  if (stepSeconds !== undefined) return stepSeconds;
  throw new ForescaleError(
    'invalid-csv',
    `${times.length === 0 ? 'no row' : 'one row'} is too few to see their distance; say it with --step`,
  );
}
