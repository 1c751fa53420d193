import { exampleQuery } from './influxdb/influx-query.ts';

/** A setting that only one kind of source has: a text. All but `isRequired` stands in the schema of its profiles. */
export interface OwnSetting {
  readonly description: string;
  readonly isRequired?: true;
  readonly default?: string;
  readonly minLength?: number;
  readonly pattern?: string;
}

/** What is said of a kind of history source before one is opened; `--help` needs no more. */
interface SourceKind {
  /** What it is, for `--help`. */
  readonly title: string;
  /** A query that gives one series, for `--help` and messages. */
  readonly exampleQuery: string;
  /** What the address of a profile is. */
  readonly url: string;
  /** Settings that a profile has beside those of every connection. */
  readonly own: Readonly<Record<string, OwnSetting>>;
}

/** Every kind of source. A new kind is a folder, an entry here and in sources.ts, and a call to test/real/history-contract.ts. */
export const sourceKinds = {
  /** The Prometheus HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics. */
  prometheus: {
    title: 'a Prometheus-compatible API',
    exampleQuery: 'sum(rate(http_requests_total[2m]))',
    url: 'base address, without /api/v1; may carry a path such as /select/0/prometheus',
    own: {
      tenant: { minLength: 1, description: 'sent as X-Scope-OrgID (Mimir, Cortex, Loki)' },
      jointQueries: {
        default: 'on',
        pattern: '^(?:on|off)$',
        description: 'whether the queries of one namespace are asked together, many in one request',
      },
    },
  },
  /** InfluxQL at `/query`: InfluxDB 1, and 2 and 3 by their compatibility API. */
  influxdb: {
    title: 'InfluxDB, asked by InfluxQL',
    exampleQuery,
    url: 'base address, without /query',
    own: {
      database: { minLength: 1, description: 'database that queries read', isRequired: true },
      retentionPolicy: {
        minLength: 1,
        description: 'retention policy that queries read (default: the database’s)',
      },
      instantWindow: {
        default: '1m',
        pattern: '^[1-9]\\d*(?:ms|[smh])$',
        description: 'the observed demand is the query’s value over this span of time, up to now',
      },
    },
  },
} as const satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof sourceKinds;

export const kindNames = Object.keys(sourceKinds) as readonly SourceKindName[];

/** The kind of a profile that names none, and of an address without a profile. */
export const defaultKind = 'prometheus' satisfies SourceKindName;

type Own<K extends SourceKindName> = (typeof sourceKinds)[K]['own'];

/** The values of a kind's own settings. */
export type OwnSettings<K extends SourceKindName> = {
  readonly [N in keyof Own<K> as Own<K>[N] extends { isRequired: true } ? N : never]: string;
} & {
  readonly [N in keyof Own<K> as Own<K>[N] extends { isRequired: true } ? never : N]?: string;
};
