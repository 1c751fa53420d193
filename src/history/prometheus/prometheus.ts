import { ForescaleError } from '../../platform/errors.ts';
import type { ConnectionSettings } from '../http/connection-settings.ts';
import type { HttpDialect } from '../http/dialect.ts';
import type { HttpAnswer } from '../http/http-connection.ts';
import { createHttpSource, type OpenOptions } from '../http/http-source.ts';
import { createRowPacker } from '../http/range-rows.ts';
import type { OwnSettings } from '../kinds.ts';
import type { InstantResult, OpenSource } from '../source.ts';
import { notTheApi, oneSeries, readPrometheusAnswer } from './prometheus-answer.ts';
import { rateWindowSeconds } from './rate-window.ts';
import { formatLabels, sorted } from './series-labels.ts';

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
  oneSeries,
  rateWindowSeconds,
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
    const { series, warnings } = readPrometheusAnswer(address, answer);
    const samples: unknown = series?.values ?? [];
    if (!Array.isArray(samples)) throw notTheApi(address, answer);
    const packer = createRowPacker(samples.length, part);
    for (const sample of samples as readonly unknown[]) {
      const [unixSeconds, text] = Array.isArray(sample) ? sample : [];
      if (!packer.add(unixSeconds, Number(text))) throw notTheApi(address, answer);
    }
    // The parts of one series have the same labels, in whatever order.
    return packer.rows(series === undefined ? undefined : formatLabels(sorted(series.metric)), warnings);
  },
  askInstant: ({ query, atSeconds }, timeoutMs) => ({
    path: '/api/v1/query',
    form: { query, time: decimal(atSeconds), timeout: `${timeoutMs}ms` },
  }),
  readInstant,
};

function readInstant(answer: HttpAnswer, address: string): InstantResult {
  const { sample, series } = readPrometheusAnswer(address, answer);
  const [atSeconds, text] = sample ?? series?.value ?? [];
  if (atSeconds === undefined || text === undefined) {
    if (series?.values !== undefined) {
      // A query such as `up[5m]`.
      throw new ForescaleError(
        'source-rejected',
        'the query gives a range of samples instead of one number: wrap it in rate() or another function over time',
      );
    }
    return {
      kind: 'missing',
      isEmpty: true,
      reason:
        'the query gives no series; where no series means no demand, append "or vector(0)" to the query',
    };
  }
  const value = Number(text);
  return Number.isFinite(value)
    ? { kind: 'value', value, atSeconds }
    : {
        kind: 'missing',
        isEmpty: false,
        reason: `the query gives ${text}; give a query whose value is always a number`,
      };
}

/** A number as Prometheus reads it, never with an exponent; it keeps milliseconds. */
function decimal(seconds: number): string {
  return String(Math.round(seconds * 1000) / 1000);
}
