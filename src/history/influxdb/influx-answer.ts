import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { refusedQuery, severalSeries, unexpectedAnswer } from '../http/refusals.ts';

/** What InfluxQL makes one series of several. */
export const oneSeries = 'select one field, from one measurement, and leave tags out of GROUP BY';

interface WireSeries {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns?: readonly string[];
  readonly values?: unknown;
  /** It was cut off. */
  readonly partial?: boolean;
}

interface Envelope {
  readonly results?: readonly {
    readonly series?: readonly WireSeries[];
    readonly messages?: readonly { readonly text?: unknown }[];
    readonly error?: unknown;
  }[];
  readonly error?: unknown;
}

/** The successful answer of a query: at most one series, whose rows are `[unix milliseconds, value]`. */
export interface InfluxAnswer {
  /** Name and tags of the series, undefined where there is none. */
  readonly series: string | undefined;
  readonly rows: readonly (readonly [unknown, unknown])[];
  readonly warnings: readonly string[];
}

/**
 * Reads what `/query` answered. Throws `several-series`, `source-rejected` (in its own words), `source-unreachable`,
 * `source-timeout`, `too-large` (it was cut off) or `source-nonsense` (no such API).
 * Source: InfluxDB 1 documentation, "InfluxDB API reference", /query.
 */
export function readInfluxAnswer(address: string, answer: HttpAnswer): InfluxAnswer {
  const envelope = parseEnvelope(answer.text);
  const [result] = envelope?.results ?? [];
  const error = envelope?.error ?? result?.error;
  if (typeof error === 'string') throw refused(address, answer, error);
  if (result === undefined || answer.status >= 300) throw notTheApi(address, answer);
  const warnings = (result.messages ?? []).map(({ text }) => String(text));
  const [series, ...others] = result.series ?? [];
  if (others.length > 0) {
    const all = [series, ...others];
    throw severalSeries(all.map(nameOf), all.length, oneSeries);
  }
  if (series === undefined) return { series: undefined, rows: [], warnings };
  const { columns = [], values } = series;
  if (columns.length > 2) throw severalSeries(columns.slice(1), columns.length - 1, oneSeries);
  if (columns.length < 2 || !Array.isArray(values)) throw notTheApi(address, answer);
  if (series.partial === true) throw cutOff(address, values.length);
  return { series: nameOf(series), rows: values as InfluxAnswer['rows'], warnings };
}

/** A value as a number: null is NaN, which means missing. Throws `source-rejected` for a text or a truth value. */
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

function parseEnvelope(text: string): Envelope | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return undefined;
  }
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

/** A series as people write it: `requests{pod="a"}`. */
function nameOf(series: WireSeries | undefined): string {
  const tags = Object.entries(series?.tags ?? {}).map(([tag, value]) => `${tag}=${JSON.stringify(value)}`);
  return `${series?.name ?? ''}${tags.length === 0 ? '' : `{${tags.join(', ')}}`}`;
}
