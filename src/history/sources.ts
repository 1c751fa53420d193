import type { ConnectionSettings } from './http/connection-settings.ts';
import type { OpenOptions } from './http/http-source.ts';
import { openInfluxDb } from './influxdb/influxdb.ts';
import type { SourceKindName } from './kinds.ts';
import { openPrometheus } from './prometheus/prometheus.ts';
import type { OpenSource } from './source.ts';

const openers = { prometheus: openPrometheus, influxdb: openInfluxDb } satisfies Record<
  SourceKindName,
  unknown
>;

/** Opens a source of a kind; throws `invalid-argument` for a URL that is none. The settings have been checked by the schema. */
export function openSource(
  kind: SourceKindName,
  settings: ConnectionSettings,
  options: Pick<OpenOptions, 'proxies'> = {},
): OpenSource {
  const open: (settings: never, options: OpenOptions) => OpenSource = openers[kind];
  return open(settings as never, options);
}
