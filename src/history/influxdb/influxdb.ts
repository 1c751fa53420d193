import { parseDuration } from '../../platform/duration.ts';
import type { ConnectionSettings } from '../http/connection-settings.ts';
import type { HttpDialect } from '../http/dialect.ts';
import { createHttpSource, type OpenOptions } from '../http/http-source.ts';
import { createRowPacker } from '../http/ranges/range-rows.ts';
import type { OwnSettings } from '../kinds.ts';
import type { OpenSource } from '../source.ts';
import { notTheApi, oneSeries, readInfluxAnswer } from './influx-answer.ts';
import { fillInfluxQuery, type InfluxSpan } from './influx-query.ts';

/** Opens history from InfluxDB, which is queried by InfluxQL with Grafana's placeholders. */
export function openInfluxDb(
  settings: ConnectionSettings & OwnSettings<'influxdb'>,
  options: OpenOptions = {},
): OpenSource {
  const { database, retentionPolicy, instantWindow = '1m', ...connection } = settings;
  const target = { db: database, ...(retentionPolicy === undefined ? {} : { rp: retentionPolicy }) };
  const windowSeconds = parseDuration(instantWindow) ?? 60;
  return createHttpSource(connection, createDialect(target, windowSeconds), options);
}

function createDialect(target: Readonly<Record<string, string>>, windowSeconds: number): HttpDialect {
  const ask = (query: string, span: InfluxSpan) => ({
    path: '/query',
    form: { ...target, epoch: 'ms', q: fillInfluxQuery(query, span) },
  });
  return {
    oneSeries,
    rateWindowSeconds: () => windowSeconds,
    queryWarnings: () => [],
    askRange: ({ query, startSeconds, endSeconds, stepSeconds }) =>
      ask(query, { startSeconds: startSeconds - stepSeconds, endSeconds, intervalSeconds: stepSeconds }),
    readRange(answer, address, part) {
      const { series, rows, warnings } = readInfluxAnswer(address, answer);
      const packer = createRowPacker(rows.length, part);
      for (const { unixMs, value } of rows) {
        // InfluxDB names a group by its start, and its value is known at its end.
        if (!packer.add(unixMs / 1000 + part.stepSeconds, value)) throw notTheApi(address, answer);
      }
      return packer.rows(series, warnings);
    },
    askInstant: ({ query, atSeconds }) =>
      ask(query, {
        startSeconds: atSeconds - windowSeconds,
        endSeconds: atSeconds,
        intervalSeconds: windowSeconds,
      }),
    readInstant(answer, address, { atSeconds }) {
      const { series, rows } = readInfluxAnswer(address, answer);
      const value = rows.map((row) => row.value).find((given) => Number.isFinite(given));
      if (value !== undefined) return { kind: 'value', value, atSeconds };
      const reason =
        series === undefined
          ? `the query gives no series in the last ${windowSeconds} s; where that means no demand, set ignoreNullValues`
          : `the query gives no value in the last ${windowSeconds} s; where that means no demand, add fill(0) to GROUP BY`;
      return { kind: 'missing', isEmpty: true, reason };
    },
  };
}
