import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { namedSeries, parseObject, refusedQuery, severalSeries, unexpectedAnswer } from '../http/refusals.ts';
import { findSeveralSeries, formatLabels } from './series-labels.ts';

/** How a query in PromQL gives one series instead of several. */
export const oneSeries = 'wrap it in sum() or max()';

/** A sample as `[unix seconds, number as text]`: JSON has no NaN, so the API writes numbers as text. */
type WireSample = readonly [number, string];

interface WireSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: WireSample;
  readonly values?: readonly WireSample[];
}

/** The successful answer of a query, with one series at most. */
interface PrometheusAnswer {
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
 * Reads what `/api/v1/query` or `/api/v1/query_range` answered. Throws `several-series`, `source-rejected` (4xx, in its own words),
 * `source-unreachable` (429, 5xx), `source-timeout` (it gave up) or `source-nonsense` (no such API).
 * Source: Prometheus docs "HTTP API", format overview.
 */
export function readPrometheusAnswer(address: string, answer: HttpAnswer): PrometheusAnswer {
  const several = answer.status < 300 ? findSeveralSeries(answer.text) : undefined;
  if (several !== undefined) throw severalSeries(several.labels, several.count, oneSeries);
  const envelope: Envelope = parseObject(answer.text);
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

function onlySeries(result: unknown, address: string, answer: HttpAnswer): WireSeries | undefined {
  if (!Array.isArray(result)) throw notTheApi(address, answer);
  const series = result as readonly WireSeries[];
  if (series.length > 1) {
    throw severalSeries(
      series.slice(0, namedSeries).map(({ metric }) => formatLabels(metric)),
      series.length,
      oneSeries,
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

function refused(address: string, answer: HttpAnswer, envelope: Envelope): ForescaleError {
  const words = `${String(envelope.errorType ?? 'error')}: ${String(envelope.error ?? 'no reason given')}`;
  if (envelope.errorType === 'timeout') {
    return new ForescaleError('source-timeout', `${address} gave the query up: ${words}; make it cheaper`);
  }
  return refusedQuery(address, answer, words);
}

/** The error about an answer that is not the API's: a page of a proxy, a login, another service. */
export function notTheApi(address: string, answer: HttpAnswer): ForescaleError {
  return unexpectedAnswer(address, answer, {
    api: 'Prometheus API',
    remedy: 'give the address that /api/v1/query is under, path included',
  });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
