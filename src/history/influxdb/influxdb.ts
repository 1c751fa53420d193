import { type Static, Type } from 'typebox';
import { parseDuration } from '../../platform/duration.ts';
import { connectionSettings } from '../http/connection-settings.ts';
import type { HttpDialect } from '../http/dialect.ts';
import { createHttpSource, type OpenOptions } from '../http/http-source.ts';
import { createRowPacker } from '../http/range-rows.ts';
import type { OpenSource } from '../source.ts';
import { notTheApi, numberOf, oneSeries, readInfluxAnswer } from './influx-answer.ts';
import { fillInfluxQuery, type InfluxSpan } from './influx-query.ts';

/** Settings of a profile for a server that answers InfluxQL at `/query`: InfluxDB 1, and 2 and 3 by their compatibility API. */
export const influxDbSettings = {
  ...connectionSettings('base address, without /query'),
  database: Type.String({ minLength: 1, description: 'database that queries read' }),
  retentionPolicy: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'retention policy that queries read (default: the database’s)',
    }),
  ),
  instantWindow: Type.Optional(
    Type.String({
      default: '1m',
      pattern: '^[1-9]\\d*(?:ms|[smh])$',
      description: 'the observed demand is the query’s value over this span of time, up to now',
    }),
  ),
};
const SettingsSchema = Type.Object(influxDbSettings);
type InfluxDbSettings = Static<typeof SettingsSchema>;

/** Opens history from InfluxDB, which is queried by InfluxQL with Grafana's placeholders. */
export function openInfluxDb(settings: InfluxDbSettings, options: OpenOptions = {}): OpenSource {
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
    askRange: ({ query, startSeconds, endSeconds, stepSeconds }) =>
      ask(query, { startSeconds: startSeconds - stepSeconds, endSeconds, intervalSeconds: stepSeconds }),
    readRange(answer, address, part) {
      const { series, rows, warnings } = readInfluxAnswer(address, answer);
      const packer = createRowPacker(rows.length, part);
      for (const row of rows) {
        const [groupMs, value] = Array.isArray(row) ? row : [];
        // InfluxDB names a group by its start, and its value is known at its end.
        const unixSeconds = typeof groupMs === 'number' ? groupMs / 1000 + part.stepSeconds : undefined;
        if (!packer.add(unixSeconds, numberOf(value))) throw notTheApi(address, answer);
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
      const values = rows.map((row) => (Array.isArray(row) ? numberOf(row[1]) : Number.NaN));
      const value = values.find((given) => !Number.isNaN(given));
      if (value !== undefined) return { kind: 'value', value, atSeconds };
      const reason =
        series === undefined
          ? `the query gives no series in the last ${windowSeconds} s; where that means no demand, set ignoreNullValues`
          : `the query gives no value in the last ${windowSeconds} s; where that means no demand, add fill(0) to GROUP BY`;
      return { kind: 'missing', isEmpty: true, reason };
    },
  };
}
