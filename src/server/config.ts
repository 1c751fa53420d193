import { readFile } from 'node:fs/promises';
import { type Static, type TOptional, type TString, Type } from 'typebox';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { calendarProperties, definitionErrors } from '../forecast/index.ts';
import { connectionSettings } from '../history/http/connection-settings.ts';
import { ProfileSchema } from '../history/profile-schema.ts';
import { ForescaleError, invalidFields } from '../platform/errors.ts';
import { parseWithSchema } from '../platform/schema/schema-errors.ts';
import { ShardSchema, shardNamePattern } from './shards/shard-schema.ts';
import { type TimingName, timingSettings } from './timing.ts';

const closed = { additionalProperties: false } as const;
/** Default limit of workloads that a server keeps at once. */
export const usualWorkloadLimit = 10_000;

/** Default limit of the file with the record of decisions: a month of some 60 workloads. The chart's volume has room for it. */
export const usualRecordBytes = 64 * 1024 * 1024;

/** Default limits of the archive of demand: 13 months of some 160 workloads. The chart's volume has room for it. */
export const usualArchiveBytes = 64 * 1024 * 1024;
/** Two of each day of the year, so that what comes every year is told from what came once. */
export const usualArchiveRetention = '800d';

/**
 * Default limit of the snapshots of models: some 700 workloads. The chart's volume has room for them beside the record and two lists
 * of known workloads.
 */
export const usualSnapshotBytes = 640 * 1024 * 1024;

/** Default limit of workloads of one namespace: half of all, so that no namespace takes the place of every other. */
export function usualNamespaceLimit(workloads: number): number {
  return Math.ceil(workloads / 2);
}

/** Label matchers, with values that need no escapes. */
const matcher = '[a-zA-Z_][a-zA-Z0-9_]*(?:=~|!~|!=|=)"[^"\\\\]*"';
const matchersPattern = `^${matcher}(?:,${matcher})*$`;
const durationPattern = '^(?:0|(?:\\d+(?:\\.\\d+)?(?:ms|[smhdwy]))+)$';

/** The properties of the section in the file's schema. */
const timingProperties = Object.fromEntries(
  Object.entries(timingSettings).map(([name, { meaning, default: byDefault }]) => [
    name,
    Type.Optional(Type.String({ description: meaning, default: byDefault, pattern: durationPattern })),
  ]),
) as { readonly [Name in TimingName]: TOptional<TString> };

const {
  url,
  method: _,
  ...connection
} = connectionSettings(
  'http:// or https:// address of an iCalendar file; one that ends in .json or .yaml is a list of events',
);
const CalendarSchema = Type.Object({ ...calendarProperties, url: Type.Optional(url), ...connection }, closed);

/** The configuration file of `forescale serve`. docs/configuration.md is tested against it. */
export const ServerFileSchema = Type.Object(
  {
    prometheusUrl: Type.Optional(
      Type.String({ description: 'the default source; same as --prometheus-url' }),
    ),
    profiles: Type.Optional(
      Type.Array(ProfileSchema, { description: 'named sources with their credentials' }),
    ),
    allowedAddresses: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'addresses of the default kind of source that a trigger may name; a profile’s own is allowed anyway',
      }),
    ),
    kubeStateMetrics: Type.Optional(
      Type.Object(
        {
          source: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                'name of the profile of the source that has kube-state-metrics, or off (default: the default source)',
            }),
          ),
          matchers: Type.Optional(
            Type.String({
              pattern: matchersPattern,
              description: 'label matchers of this cluster, where the source has several: cluster="eu"',
            }),
          ),
        },
        closed,
      ),
    ),
    timing: Type.Optional(Type.Object(timingProperties, closed)),
    limits: Type.Optional(
      Type.Object(
        {
          workloads: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 100_000,
              default: usualWorkloadLimit,
              description: 'workloads at once',
            }),
          ),
          workloadsPerNamespace: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 100_000,
              description: 'workloads of one namespace at once; by default half of workloads',
            }),
          ),
          recordBytes: Type.Optional(
            Type.Integer({
              minimum: 1024 * 1024,
              default: usualRecordBytes,
              description:
                'size of the file with the record of decisions; a workload takes at most 1 MiB a month, and the oldest decisions go first',
            }),
          ),
          snapshotBytes: Type.Optional(
            Type.Integer({
              minimum: 1024 * 1024,
              default: usualSnapshotBytes,
              description:
                'size of all snapshots of what was learned; a workload takes at most 60 KB, and one that has none is learned anew after a restart',
            }),
          ),
        },
        closed,
      ),
    ),
    shard: Type.Optional(
      Type.String({ pattern: shardNamePattern, description: 'which of `shards` this release is' }),
    ),
    shards: Type.Optional(
      Type.Array(ShardSchema, {
        minItems: 1,
        description: 'releases that share the workloads of a cluster, the same list in each of them',
      }),
    ),
    archive: Type.Optional(
      Type.Object(
        {
          retention: Type.Optional(
            Type.String({
              pattern: durationPattern,
              default: usualArchiveRetention,
              description:
                'how long demand is kept in the state directory, beyond what the source keeps; 0 = it is not kept',
            }),
          ),
          bytes: Type.Optional(
            Type.Integer({
              minimum: 1024 * 1024,
              default: usualArchiveBytes,
              description:
                'size of the file with the archive of demand; 13 months of a workload take about 0.4 MiB, and the oldest demand goes first',
            }),
          ),
        },
        closed,
      ),
    ),
    calendars: Type.Optional(
      Type.Array(CalendarSchema, { maxItems: 100, description: 'events that demand is different at' }),
    ),
    workloads: Type.Optional(
      Type.Array(
        Type.Object(
          {
            namespace: Type.String({ minLength: 1 }),
            name: Type.String({ minLength: 1 }),
            metadata: Type.Record(Type.String(), Type.String(), { description: 'as in a trigger' }),
          },
          closed,
        ),
        { description: 'forecast and scored before any ScaledObject exists' },
      ),
    ),
  },
  closed,
);

export type ServerFile = Static<typeof ServerFileSchema>;

/** Reads and checks the configuration file. Throws one error that lists everything wrong in it. */
export async function readServerFile(path: string): Promise<ServerFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ForescaleError('invalid-argument', `--config: cannot read ${path}: ${String(cause)}`, {
      cause,
    });
  });
  return parseServerFile(text, path);
}

/**
 * The configuration in a YAML text. `path` names the file in messages. They repeat no text of the file but that of the two sections
 * without secrets: a profile's headers and a declared workload's metadata may hold some.
 */
export function parseServerFile(text: string, path: string): ServerFile {
  let document: unknown;
  try {
    // A warning of the parser would be printed with the line that it is about.
    document = parseYaml(text, { logLevel: 'error' }) ?? {};
  } catch (cause) {
    const where = cause instanceof YAMLParseError ? placeOf(cause) : '';
    throw new ForescaleError('invalid-argument', `${path} is not YAML${where}; check it with a linter`);
  }
  const file = parseWithSchema(path, ServerFileSchema, document, (at) =>
    /^\/(?:timing|limits|kubeStateMetrics)\//.test(at),
  );
  const fieldErrors = definitionErrors(file.calendars ?? []);
  if (fieldErrors.length > 0) throw invalidFields(path, fieldErrors);
  return file;
}

function placeOf({ code, linePos }: YAMLParseError): string {
  const [start] = linePos ?? [];
  const kind = code.toLowerCase().replaceAll('_', ' ');
  return start === undefined ? `: ${kind}` : ` at line ${start.line}, column ${start.col}: ${kind}`;
}
