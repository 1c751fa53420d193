import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http-connection.ts';
import { findSeveralSeries, formatLabels } from './series-labels.ts';

/** `[unix seconds, number as text]`: JSON has no NaN, so the API writes numbers as text. */
type WireSample = readonly [number, string];

export interface WireSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: WireSample;
  readonly values?: readonly WireSample[];
}

/** The successful answer of a query, one series at most. */
export interface PrometheusAnswer {
  readonly sample: WireSample | undefined;
  readonly series: WireSeries | undefined;
  readonly warnings: readonly string[];
}

interface Envelope {
  readonly status?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
  readonly errorType?: unknown;
  readonly error?: unknown;
  readonly warnings?: unknown;
  readonly infos?: unknown;
}

/**
 * What `/api/v1/query` or `/api/v1/query_range` answered. Throws `several-series`, `source-rejected` (4xx, in its own words),
 * `source-unreachable` (429, 5xx), `source-timeout` (it gave up) or `source-nonsense` (no such API).
 * Source: Prometheus docs "HTTP API", format overview.
 */
export function readPrometheusAnswer(address: string, answer: HttpAnswer): PrometheusAnswer {
  const several = answer.status < 300 ? findSeveralSeries(answer.text) : undefined;
  if (several !== undefined) throw severalSeries(several.labels, several.count);
  const envelope = parseEnvelope(answer.text);
  if (envelope === undefined) throw notTheApi(address, answer);
  if (envelope.status === 'error') throw refused(address, answer, envelope);
  const { data } = envelope;
  if (envelope.status !== 'success' || data === undefined) throw notTheApi(address, answer);
  const warnings = [...textsOf(envelope.warnings), ...textsOf(envelope.infos)];
  switch (data.resultType) {
    case 'scalar':
      return { sample: wireSample(data.result, address, answer), series: undefined, warnings };
    case 'vector':
    case 'matrix':
      return { sample: undefined, series: onlySeries(data.result, address, answer), warnings };
    case 'string':
      throw new ForescaleError('source-rejected', 'the query gives a text; give one whose value is a number');
  }
  throw notTheApi(address, answer);
}

/** The error about a query that gives more series than one; the labels tell which to sum over. */
export function severalSeries(labels: readonly string[], count: number): ForescaleError {
  const named = labels.join(', ');
  const more = count > labels.length ? ', …' : '';
  return new ForescaleError(
    'several-series',
    `the query gives ${count} series (${named}${more}) and one is needed: wrap it in sum() or max()`,
  );
}

function parseEnvelope(text: string): Envelope | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return undefined;
  }
}

function onlySeries(result: unknown, address: string, answer: HttpAnswer): WireSeries | undefined {
  if (!Array.isArray(result)) throw notTheApi(address, answer);
  const series = result as readonly WireSeries[];
  if (series.length > 1) {
    throw severalSeries(
      series.slice(0, 3).map(({ metric }) => formatLabels(metric)),
      series.length,
    );
  }
  const [only] = series;
  if (only === undefined) return undefined;
  if (typeof only?.metric !== 'object' || only.metric === null) throw notTheApi(address, answer);
  if (only.value !== undefined && !Array.isArray(only.value)) throw notTheApi(address, answer);
  if (only.value === undefined && only.values === undefined) {
    throw new ForescaleError(
      'source-rejected',
      `the query gives histograms (${formatLabels(only.metric)}), not numbers: wrap it in histogram_count() or histogram_sum()`,
    );
  }
  return only;
}

function wireSample(result: unknown, address: string, answer: HttpAnswer): WireSample {
  if (Array.isArray(result) && typeof result[0] === 'number' && typeof result[1] === 'string') {
    return [result[0], result[1]];
  }
  throw notTheApi(address, answer);
}

function refused(address: string, { status }: HttpAnswer, envelope: Envelope): ForescaleError {
  const words = `${String(envelope.errorType ?? 'error')}: ${String(envelope.error ?? 'no reason given')}`;
  if (envelope.errorType === 'timeout') {
    return new ForescaleError('source-timeout', `${address} gave the query up: ${words}; make it cheaper`);
  }
  if (status === 401 || status === 403) return credentialsRefused(address, status, words);
  if (status === 429 || status >= 500) {
    return new ForescaleError('source-unreachable', `${address} answers ${status}: ${words}`);
  }
  return new ForescaleError('source-rejected', `${address} refused the query: ${words}`);
}

function credentialsRefused(address: string, status: number, words: string): ForescaleError {
  return new ForescaleError(
    'source-rejected',
    `${address} answers ${status} (${words}): check the credentials and the tenant of its profile`,
  );
}

/** An answer that is not the API's: a page of a proxy, a login, another service. */
export function notTheApi(address: string, answer: HttpAnswer): ForescaleError {
  const { status, contentType, location } = answer;
  const begins = answer.text.trim().slice(0, 80).replaceAll(/\s+/g, ' ');
  const came = `${status} ${contentType}, ${begins === '' ? 'empty' : `beginning "${begins}"`}`;
  if (status === 401 || status === 403) return credentialsRefused(address, status, came);
  if (status === 429 || status >= 500) {
    return new ForescaleError('source-unreachable', `${address} answers ${came}`);
  }
  if (status >= 300 && status < 400) {
    return new ForescaleError(
      'source-nonsense',
      `${address} redirects (${status}) to ${location ?? 'nowhere'}; redirects are not followed, so give the final address, or credentials if that is a login page`,
    );
  }
  return new ForescaleError(
    'source-nonsense',
    `what answers at ${address} is no Prometheus API (${came}); give the address that /api/v1/query is under, path included`,
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
