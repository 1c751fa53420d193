import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { parseObject, refusedQuery, severalSeries, unexpectedAnswer, waitOf } from '../http/refusals.ts';
import { isTextRecord, wireObject, wireText } from '../http/wire-text.ts';

/** How a query in InfluxQL gives one series instead of several. */
export const oneSeries = 'select one field, from one measurement, and leave tags out of GROUP BY';

/** One series as the API wrote it. */
interface WireSeries {
  readonly name: string;
  readonly columns: readonly string[];
  readonly values: unknown;
  /** The server cut the rows off. */
  readonly isCutOff: boolean;
}

/** A row: the start of its group, and its value, which is NaN where it is missing. */
interface InfluxRow {
  readonly unixMs: number;
  readonly value: number;
}

/** The successful answer of a query, with one series at most. */
export interface InfluxAnswer {
  /** Name and tags of the series, undefined where there is none. */
  readonly series: string | undefined;
  readonly rows: readonly InfluxRow[];
  readonly warnings: readonly string[];
}

/**
 * Reads what `/query` answered. Throws `several-series`, `source-rejected` (in the server's words), `source-unreachable`,
 * `source-timeout`, `too-large` (the server cut its answer off) or `source-nonsense` (another API).
 * Source: InfluxDB 1 documentation, "InfluxDB API reference", /query.
 */
export function readInfluxAnswer(address: string, answer: HttpAnswer): InfluxAnswer {
  const nonsense = () => notTheApi(address, answer);
  const { results, error: whole } = parseObject(answer.text);
  const [wire] = listOf(results);
  const result = wireObject(wire);
  const error = whole ?? result['error'];
  if (typeof error === 'string') throw refused(address, answer, wireText(error));
  if (wire !== result || error !== undefined || answer.status >= 300) throw nonsense();
  const warnings = listOf(result['messages']).map((message) => wireText(wireObject(message)['text']));
  const all = listOf(result['series'] ?? [], nonsense).map((one) => readSeries(one, nonsense));
  const [series] = all;
  if (all.length > 1)
    throw severalSeries(
      all.map(({ name }) => name),
      all.length,
      oneSeries,
    );
  if (series === undefined) return { series: undefined, rows: [], warnings };
  const { columns, values } = series;
  if (columns.length > 2) throw severalSeries(columns.slice(1), columns.length - 1, oneSeries);
  if (columns.length < 2 || columns[0] !== 'time' || !Array.isArray(values)) throw nonsense();
  if (series.isCutOff || result['partial'] === true) throw cutOff(address, values.length);
  return { series: series.name, rows: values.map((row) => readRow(row, nonsense)), warnings };
}

/**
 * Reads `[unix milliseconds, value]`. A null is a value that is missing, which is NaN here. Throws `source-rejected` for a text
 * or a truth value, because a field may have such values, and what `nonsense` makes for anything else.
 */
function readRow(row: unknown, nonsense: () => ForescaleError): InfluxRow {
  if (!Array.isArray(row) || row.length !== 2) throw nonsense();
  const [unixMs, value] = row as readonly unknown[];
  if (typeof unixMs !== 'number' || !Number.isFinite(unixMs)) throw nonsense();
  if (value === null) return { unixMs, value: Number.NaN };
  if (typeof value === 'number') return { unixMs, value };
  if (typeof value !== 'string' && typeof value !== 'boolean') throw nonsense();
  const shown = JSON.stringify(typeof value === 'string' ? wireText(value) : value);
  throw new ForescaleError(
    'source-rejected',
    `the query gives ${shown}, which is no number: select a numeric field or a function of one, such as mean("value")`,
  );
}

/** The error about an answer that is not the API's. */
export function notTheApi(address: string, answer: HttpAnswer): ForescaleError {
  return unexpectedAnswer(address, answer, {
    api: 'InfluxDB API',
    remedy: 'give the address that /query is under, path included',
  });
}

/** The value as a list; for anything else an empty one, or what `otherwise` throws. */
function listOf(value: unknown, otherwise?: () => ForescaleError): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (otherwise !== undefined) throw otherwise();
  return [];
}

function readSeries(wire: unknown, nonsense: () => ForescaleError): WireSeries {
  const { name = '', tags = {}, columns = [], values, partial } = wireObject(wire);
  const isRead = typeof name === 'string' && isTextRecord(tags) && Array.isArray(columns);
  if (!isRead || !columns.every((column) => typeof column === 'string')) throw nonsense();
  return { name: seriesName(name, tags), columns, values, isCutOff: partial === true };
}

function refused(address: string, answer: HttpAnswer, words: string): ForescaleError {
  // coordinator/statement_executor.go and query/executor.go: "query-timeout limit exceeded", "timeout".
  if (/\btime(?:out|d out)\b/i.test(words)) {
    const message = `${address} gave the query up: ${words}; make it cheaper`;
    return new ForescaleError('source-timeout', message, waitOf(answer));
  }
  return refusedQuery(address, answer, words);
}

function cutOff(address: string, rows: number): ForescaleError {
  return new ForescaleError(
    'too-large',
    `${address} cut its answer off after ${rows} rows; set max-row-limit = 0 in its [http] section`,
  );
}

/** Name of a series for people, such as `requests{pod="a"}`. */
function seriesName(name: string, tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([tag, value]) => `${tag}=${JSON.stringify(value)}`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(', ')}}`}`;
}
