import type { ConnectionSettings } from './http/connection-settings.ts';
import { openInfluxDb } from './influxdb/influxdb.ts';
import type { SourceKindName } from './kinds.ts';
import { openPrometheus } from './prometheus/prometheus.ts';
import type { OpenSource } from './source.ts';

const openers = { prometheus: openPrometheus, influxdb: openInfluxDb } satisfies Record<
  SourceKindName,
  unknown
>;

/** Opens a source of a kind; throws `invalid-argument` for a URL that is none. The settings have been checked by the schema. */
export function openSource(kind: SourceKindName, settings: ConnectionSettings): OpenSource {
  const open: (settings: never) => OpenSource = openers[kind];
  return open(settings as never);
}
