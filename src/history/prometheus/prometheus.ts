import { ForescaleError } from '../../platform/errors.ts';
import type { ConnectionSettings } from '../http/connection-settings.ts';
import type { HttpDialect } from '../http/dialect.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { createHttpSource, type OpenOptions } from '../http/http-source.ts';
import { createRowPacker } from '../http/ranges/range-rows.ts';
import type { OwnSettings } from '../kinds.ts';
import type { InstantResult, OpenSource } from '../source.ts';
import { noSeries, sampleResult } from './instant-result.ts';
import { createPromqlJoints } from './joint/promql-joints.ts';
import { histogramError, notTheApi, oneSeriesOverRange, readPrometheusAnswer } from './prometheus-answer.ts';
import { readSeriesRows } from './range-series.ts';
import { rateWindowSeconds, rateWindowWarnings } from './rate-window.ts';
import { formatLabels, sorted } from './series-labels.ts';
import { readVector } from './vector-answer.ts';
import { readSample } from './wire-sample.ts';

/** Opens history from any server with the Prometheus HTTP API. */
export function openPrometheus(
  settings: ConnectionSettings & OwnSettings<'prometheus'>,
  options: OpenOptions = {},
): OpenSource {
  const { tenant, headers, jointQueries, ...connection } = settings;
  const tenantHeader = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  const joints = jointQueries === 'off' ? undefined : createPromqlJoints();
  return createHttpSource(
    { ...connection, headers: { ...headers, ...tenantHeader } },
    { ...dialect, joints },
    options,
  );
}

const dialect: HttpDialect = {
  oneSeries: oneSeriesOverRange,
  rateWindowSeconds,
  queryWarnings: rateWindowWarnings,
  askRange: ({ query, startSeconds, endSeconds, stepSeconds }, timeoutMs) => ({
    path: '/api/v1/query_range',
    form: {
      query,
      start: decimal(startSeconds),
      end: decimal(endSeconds),
      step: decimal(stepSeconds),
      timeout: `${timeoutMs}ms`,
    },
  }),
  readRange: (answer, address, part) => {
    const { resultType, series, warnings, isPartial } = readPrometheusAnswer(address, answer, 'range');
    if (resultType !== 'matrix') throw notTheApi(address, answer);
    if (series === undefined) return createRowPacker(0, part).rows(undefined, warnings, isPartial);
    const histogram = histogramError(series);
    if (histogram !== undefined) throw histogram;
    // The parts of one series have the same labels, in whatever order.
    const about = { series: formatLabels(sorted(series.labels)), warnings, isPartial };
    const rows = readSeriesRows(series.content['values'], part, about);
    if (rows === undefined) throw notTheApi(address, answer);
    return rows;
  },
  askInstant: ({ query, atSeconds }, timeoutMs) => ({
    path: '/api/v1/query',
    form: { query, time: decimal(atSeconds), timeout: `${timeoutMs}ms` },
  }),
  readInstant,
  readVector,
};

function readInstant(answer: HttpAnswer, address: string): InstantResult {
  const { resultType, scalar, series, isPartial } = readPrometheusAnswer(address, answer);
  if (resultType === 'matrix') {
    // A query such as `up[5m]`.
    throw new ForescaleError(
      'source-rejected',
      'the query gives a range of samples instead of one number: wrap it in rate() or another function over time',
    );
  }
  const partial = isPartial ? { isPartial } : {};
  if (resultType === 'vector' && series === undefined) return { ...noSeries, ...partial };
  const histogram = series === undefined ? undefined : histogramError(series);
  if (histogram !== undefined) throw histogram;
  const sample = readSample(series === undefined ? scalar : series.content['value']);
  if (sample === undefined) throw notTheApi(address, answer);
  return { ...sampleResult(sample), ...partial };
}

/** A number as Prometheus reads it, never with an exponent; it keeps milliseconds. */
function decimal(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
