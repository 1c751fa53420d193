import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { parseObject, refusedQuery, severalSeries, unexpectedAnswer } from '../http/refusals.ts';

/** How a query in InfluxQL gives one series instead of several. */
export const oneSeries = 'select one field, from one measurement, and leave tags out of GROUP BY';

interface WireSeries {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly values?: unknown;
  /** The server cut the rows off. */
  readonly partial?: boolean;
}

interface WireResult {
  readonly series?: readonly WireSeries[];
  readonly messages?: readonly { readonly text?: unknown }[];
  readonly error?: unknown;
}

/** The successful answer of a query, with one series at most. */
export interface InfluxAnswer {
  /** Name and tags of the series, undefined where there is none. */
  readonly series: string | undefined;
  /** Rows are `[unix milliseconds, value]`, as far as the server keeps to its API. */
  readonly rows: readonly unknown[];
  readonly warnings: readonly string[];
}

/**
 * Reads what `/query` answered. Throws `several-series`, `source-rejected` (in the server's words), `source-unreachable`,
 * `source-timeout`, `too-large` (the server cut its answer off) or `source-nonsense` (another API).
 * Source: InfluxDB 1 documentation, "InfluxDB API reference", /query.
 */
export function readInfluxAnswer(address: string, answer: HttpAnswer): InfluxAnswer {
  const { results, error: whole } = parseObject(answer.text);
  const [result] = listOf<WireResult>(results);
  const error = whole ?? result?.error;
  if (typeof error === 'string') throw refused(address, answer, error);
  if (typeof result !== 'object' || answer.status >= 300) throw notTheApi(address, answer);
  const warnings = listOf<{ readonly text?: unknown }>(result.messages).map(({ text }) => String(text));
  const [series, ...others] = listOf<WireSeries>(result.series);
  if (others.length > 0) {
    const all = [series, ...others];
    throw severalSeries(all.map(nameOf), all.length, oneSeries);
  }
  if (series === undefined) return { series: undefined, rows: [], warnings };
  const { columns = [], values } = series;
  if (columns.length > 2) throw severalSeries(columns.slice(1), columns.length - 1, oneSeries);
  if (columns.length < 2 || columns[0] !== 'time' || !Array.isArray(values)) throw notTheApi(address, answer);
  if (series.partial === true) throw cutOff(address, values.length);
  return { series: nameOf(series), rows: values, warnings };
}

/** Number of a value: NaN, which means missing, for null. Throws `source-rejected` for a text or a truth value. */
export function numberOf(value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  if (typeof value === 'number') return value;
  const shown = JSON.stringify(value);
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

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [];
}

function refused(address: string, answer: HttpAnswer, words: string): ForescaleError {
  // coordinator/statement_executor.go and query/executor.go: "query-timeout limit exceeded", "timeout".
  if (/\btime(?:out|d out)\b/i.test(words)) {
    return new ForescaleError('source-timeout', `${address} gave the query up: ${words}; make it cheaper`);
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
function nameOf(series: WireSeries | undefined): string {
  const tags = Object.entries(series?.tags ?? {}).map(([tag, value]) => `${tag}=${JSON.stringify(value)}`);
  return `${series?.name ?? ''}${tags.length === 0 ? '' : `{${tags.join(', ')}}`}`;
}
