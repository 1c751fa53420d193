import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { parse as parseYaml } from 'yaml';
import { ProfileSchema } from '../history/profiles.ts';
import { parseDuration } from '../platform/duration.ts';
import { type FieldError, ForescaleError, invalidFields } from '../platform/errors.ts';
import { parseWithSchema } from '../platform/schema-errors.ts';

const closed = { additionalProperties: false } as const;
const duration = (description: string, byDefault: string) =>
  Type.Optional(
    Type.String({ description, default: byDefault, pattern: '^(?:0|(?:\\d+(?:\\.\\d+)?(?:ms|[smhdwy]))+)$' }),
  );

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
        description: 'Prometheus addresses a trigger may name; a profile’s own is allowed anyway',
      }),
    ),
    timing: Type.Optional(
      Type.Object(
        {
          refreshInterval: duration('how often the observed demand is asked for', '10s'),
          freshAge: duration('an observation older than this is not "now" any more', '15s'),
          blindAge: duration('how long a workload is served without fresh observations', '30m'),
          leadTime: duration('decision to ready pod, where a trigger says auto', '2m'),
          scrapeInterval: duration('of the source; part of the decision window', '15s'),
          kedaPollingInterval: duration('part of the decision window', '30s'),
          hpaSyncInterval: duration('part of the decision window', '15s'),
          forgetAfter: duration('a workload nobody asks for this long is forgotten', '24h'),
        },
        closed,
      ),
    ),
    limits: Type.Optional(
      Type.Object(
        {
          workloads: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100_000, default: 10_000, description: 'workloads at once' }),
          ),
        },
        closed,
      ),
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

export const timingDefaults = {
  refreshInterval: 10,
  freshAge: 15,
  blindAge: 1800,
  leadTime: 120,
  scrapeInterval: 15,
  kedaPollingInterval: 30,
  hpaSyncInterval: 15,
  forgetAfter: 86_400,
} as const;

/** The next observation is under way while the last one ages. */
const freshAgeRatio = 1.25;

/** Timing in seconds, by the names of the file. */
export type Timing = { readonly [K in keyof typeof timingDefaults]: number };

/** Reads and checks the configuration file; every fault in it at once. */
export async function readServerFile(path: string): Promise<ServerFile> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ForescaleError('invalid-argument', `--config: cannot read ${path}: ${String(cause)}`, {
      cause,
    });
  });
  return parseServerFile(text, path);
}

/** The same for a text. `path` is for the messages. */
export function parseServerFile(text: string, path: string): ServerFile {
  let document: unknown;
  try {
    document = parseYaml(text) ?? {};
  } catch (cause) {
    throw new ForescaleError('invalid-argument', `${path} is not YAML: ${String(cause)}`, { cause });
  }
  return parseWithSchema(path, ServerFileSchema, document);
}

/** The file's timing with its defaults, checked for what cannot work. */
export function timingOf(file: ServerFile): Timing {
  const timing = { ...timingDefaults } as { -readonly [K in keyof Timing]: number };
  for (const [name, text] of Object.entries(file.timing ?? {}) as [keyof Timing, string][]) {
    timing[name] = parseDuration(text) ?? Number.NaN;
  }
  const fieldErrors: FieldError[] = [];
  for (const name of ['refreshInterval', 'freshAge', 'blindAge', 'forgetAfter'] as const) {
    if (!(timing[name] > 0))
      fieldErrors.push({ field: `timing.${name}`, message: `timing.${name} must be above 0` });
  }
  if (timing.freshAge < freshAgeRatio * timing.refreshInterval) {
    fieldErrors.push({
      field: 'timing.freshAge',
      message: `timing.freshAge must be at least ${freshAgeRatio} times timing.refreshInterval, or an observation would be stale before the next is there`,
    });
  }
  if (fieldErrors.length > 0) throw invalidFields('configuration', fieldErrors);
  return timing;
}
