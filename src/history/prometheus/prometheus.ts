import { ForescaleError } from '../../platform/errors.ts';
import type { ConnectionSettings } from '../http/connection-settings.ts';
import type { HttpDialect } from '../http/dialect.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { createHttpSource, type OpenOptions } from '../http/http-source.ts';
import { createRowPacker } from '../http/ranges/range-rows.ts';
import type { OwnSettings } from '../kinds.ts';
import type { InstantResult, OpenSource } from '../source.ts';
import { histogramError, notTheApi, oneSeriesOverRange, readPrometheusAnswer } from './prometheus-answer.ts';
import { rateWindowSeconds, rateWindowWarnings } from './rate-window.ts';
import { formatLabels, sorted } from './series-labels.ts';
import { readVector } from './vector-answer.ts';
import { readSample } from './wire-sample.ts';

/** Opens history from any server with the Prometheus HTTP API. */
export function openPrometheus(
  settings: ConnectionSettings & OwnSettings<'prometheus'>,
  options: OpenOptions = {},
): OpenSource {
  const { tenant, headers, ...connection } = settings;
  const tenantHeader = tenant === undefined ? {} : { 'x-scope-orgid': tenant };
  return createHttpSource({ ...connection, headers: { ...headers, ...tenantHeader } }, dialect, options);
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
    const samples = series.content['values'];
    if (!Array.isArray(samples)) throw notTheApi(address, answer);
    const packer = createRowPacker(samples.length, part);
    for (const wire of samples as readonly unknown[]) {
      const sample = readSample(wire);
      if (sample === undefined || !packer.add(sample.unixSeconds, sample.value)) {
        throw notTheApi(address, answer);
      }
    }
    // The parts of one series have the same labels, in whatever order.
    return packer.rows(formatLabels(sorted(series.labels)), warnings, isPartial);
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
  const { unixSeconds, value } = sample;
  if (Number.isFinite(value)) return { kind: 'value', value, atSeconds: unixSeconds, ...partial };
  const reason = `the query gives ${value}; give a query whose value is always a number`;
  return { kind: 'missing', isEmpty: false, reason, ...partial };
}

const noSeries = {
  kind: 'missing',
  isEmpty: true,
  reason: 'the query gives no series; where no series means no demand, append "or vector(0)" to the query',
} as const;

/** A number as Prometheus reads it, never with an exponent; it keeps milliseconds. */
function decimal(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
