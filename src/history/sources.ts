import type { TProperties } from 'typebox';
import type { ConnectionSettings } from './http/connection-settings.ts';
import type { OpenOptions } from './http/http-source.ts';
import { exampleQuery } from './influxdb/influx-query.ts';
import { influxDbSettings, openInfluxDb } from './influxdb/influxdb.ts';
import { openPrometheus, prometheusSettings } from './prometheus/prometheus.ts';
import type { OpenSource } from './source.ts';

/** One kind of history source. */
interface SourceKind {
  /** What it is, for `--help`. */
  readonly title: string;
  /** A query that gives one series, for `--help` and messages. */
  readonly exampleQuery: string;
  /** Settings of a profile of this kind. */
  readonly settings: TProperties;
  /** Opens a source; throws `invalid-argument` for a URL that is none. The settings have been checked against the schema. */
  open(settings: ConnectionSettings, options?: OpenOptions): OpenSource;
}

/** Every kind of source. A new kind is a folder, an entry here, and a call to test/real/history-contract.ts. */
export const sourceKinds = {
  prometheus: {
    title: 'a Prometheus-compatible API',
    exampleQuery: 'sum(rate(http_requests_total[2m]))',
    settings: prometheusSettings,
    open: openPrometheus,
  },
  influxdb: {
    title: 'InfluxDB, asked by InfluxQL',
    exampleQuery,
    settings: influxDbSettings,
    open: openInfluxDb,
  },
} satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof sourceKinds;

/** The kind of a profile that names none, and of an address without a profile. */
export const defaultKind = 'prometheus' satisfies SourceKindName;

/** Opens a source of a kind. */
export function openSource(
  kind: SourceKindName,
  settings: ConnectionSettings,
  options: OpenOptions = {},
): OpenSource {
  const { open }: SourceKind = sourceKinds[kind];
  return open(settings, options);
}
