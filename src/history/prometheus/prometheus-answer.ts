import { ForescaleError } from '../../platform/errors.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import {
  namedSeries,
  parseObject,
  refusedQuery,
  severalSeries,
  unexpectedAnswer,
  waitOf,
} from '../http/refusals.ts';
import { isTextRecord, wireObject, wireText, wireTexts } from '../http/wire-text.ts';
import { differingReplica, findSeveralSeries, formatLabels, type Labels } from './series-labels.ts';

/** How a query in PromQL gives one series instead of several. */
const oneSeries = 'wrap it in sum() or max()';
/** How it gives one over a range, in which a pod may have been replaced. */
export const oneSeriesOverRange =
  'wrap it in sum(), or in max() where one replaced another, so that none counts twice';

/** One series as the API wrote it: its labels were checked, what it holds was not. */
interface WireSeries {
  readonly labels: Labels;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The successful answer of a query. */
interface PrometheusAnswer {
  readonly resultType: 'scalar' | 'vector' | 'matrix';
  /** What a scalar consists of, not checked. */
  readonly scalar: unknown;
  /** The only series of a vector or matrix, undefined where there is none. */
  readonly series: WireSeries | undefined;
  readonly warnings: readonly string[];
  /** Part of the data is missing, so that the value may be too low. */
  readonly isPartial: boolean;
}

/** Remarks of Prometheus about the query itself, which come among the warnings; nothing is missing because of them. */
const annotation = /^PromQL (?:info|warning): /;

/**
 * Reads what `/api/v1/query` or `/api/v1/query_range` answered. Throws `several-series`, `source-rejected` (4xx, in its own words),
 * `source-unreachable` (429, 5xx), `source-timeout` (it gave up) or `source-nonsense` (no such API).
 * Source: Prometheus docs "HTTP API", format overview.
 */
export function readPrometheusAnswer(
  address: string,
  answer: HttpAnswer,
  over: 'now' | 'range' = 'now',
): PrometheusAnswer {
  const severalOf = (labels: readonly Labels[], count: number) => {
    const remedy = copiesOfOne(labels) ?? (over === 'now' ? oneSeries : oneSeriesOverRange);
    return severalSeries(labels.map(formatLabels), count, remedy, over);
  };
  const nonsense = () => notTheApi(address, answer);
  const several = answer.status < 300 ? findSeveralSeries(answer.text) : undefined;
  if (several !== undefined) {
    if (several.labels === undefined) throw nonsense();
    throw severalOf(several.labels, several.count);
  }
  const { resultType, result, ...remarks } = readEnvelope(address, answer);
  switch (resultType) {
    case 'scalar':
      return { resultType, scalar: result, series: undefined, ...remarks };
    case 'vector':
    case 'matrix':
      return { resultType, scalar: undefined, series: onlySeries(result, nonsense, severalOf), ...remarks };
    case 'string':
      throw new ForescaleError('source-rejected', 'the query gives a text; give one whose value is a number');
  }
  throw nonsense();
}

/** What every successful answer has around its result. Throws as `readPrometheusAnswer` does, `several-series` aside. */
export function readEnvelope(address: string, answer: HttpAnswer) {
  const envelope = parseObject(answer.text);
  if (envelope['status'] === 'error') throw refused(address, answer, envelope);
  if (envelope['status'] !== 'success' || answer.status >= 300) throw notTheApi(address, answer);
  const { resultType, result } = wireObject(envelope['data']);
  return { resultType, result, ...remarksOf(envelope) };
}

/** What to do about series that only the two servers of a pair tell apart; undefined for others. */
function copiesOfOne(series: readonly Labels[]): string | undefined {
  const label = differingReplica(series);
  if (label === undefined) return undefined;
  return `they differ in ${label} alone, so if two servers have a copy each, have the store join them (dedup=true in Thanos, deduplication of HA pairs in Mimir) or wrap it in max(), for sum() would count them twice`;
}

/** The error about a series of histograms, undefined for a series of numbers. */
export function histogramError({ labels, content }: WireSeries): ForescaleError | undefined {
  const isNumbers = content['value'] !== undefined || content['values'] !== undefined;
  const isHistogram = content['histogram'] !== undefined || content['histograms'] !== undefined;
  if (isNumbers || !isHistogram) return undefined;
  return new ForescaleError(
    'source-rejected',
    `the query gives histograms (${formatLabels(labels)}), not numbers: wrap it in histogram_count() or histogram_sum()`,
  );
}

/** `isPartial` beside the data is how VictoriaMetrics says it; Thanos and Mimir warn. */
function remarksOf(envelope: Readonly<Record<string, unknown>>) {
  const warnings = wireTexts(envelope['warnings']);
  const isMarked = envelope['isPartial'] === true;
  return {
    isPartial: isMarked || warnings.some((warning) => !annotation.test(warning)),
    warnings: [
      ...warnings,
      ...wireTexts(envelope['infos']),
      ...(isMarked ? ['the answer is partial, because a part of the storage did not answer'] : []),
    ],
  };
}

function onlySeries(
  result: unknown,
  nonsense: () => ForescaleError,
  severalOf: (labels: readonly Labels[], count: number) => ForescaleError,
): WireSeries | undefined {
  if (!Array.isArray(result)) throw nonsense();
  const series = (result as readonly unknown[]).map(wireObject);
  const labels = series.slice(0, namedSeries).map(({ metric }) => {
    if (!isTextRecord(metric)) throw nonsense();
    return metric;
  });
  if (series.length > 1) throw severalOf(labels, series.length);
  const [[content], [only]] = [series, labels];
  return content === undefined || only === undefined ? undefined : { labels: only, content };
}

function refused(
  address: string,
  answer: HttpAnswer,
  { errorType, error }: Readonly<Record<string, unknown>>,
): ForescaleError {
  const words = `${wireText(errorType ?? 'error')}: ${wireText(error ?? 'no reason given')}`;
  if (errorType === 'timeout') {
    const message = `${address} gave the query up: ${words}; make it cheaper`;
    return new ForescaleError('source-timeout', message, waitOf(answer));
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
