import { type Static, type TStringOptions, Type } from 'typebox';
import type { Kind } from '../../platform/setting-values.ts';
import { errorKinds } from './error-kinds.ts';
import { mostCpuMs, mostMemoryMib } from './fault-settings.ts';
import { type LatencyDistribution, latency, longestWaitMs } from './latency-distribution.ts';

/** Longest wait that a fault may ask for at run time, so that a mistake is over soon. */
export const longestFaultMs = 60_000;
export const defaultFaultSeconds = 60;
const longestFaultSeconds = 3600;

const Strict = { additionalProperties: false } as const;

/** A text that `kind` can parse. */
function TextOf({ allowed, parse }: Kind<unknown>, options: TStringOptions) {
  return Type.Refine(
    Type.String(options),
    (text) => parse(text) !== undefined,
    () => `must be ${allowed}`,
  );
}

/** A latency distribution whose waits are not longer than a fault may ask for. */
export const boundedLatency: Kind<LatencyDistribution> = {
  allowed: `${latency.allowed}; here nothing may wait longer than ${longestFaultMs} ms`,
  parse(text) {
    const wanted = latency.parse(text);
    return wanted !== undefined && longestWaitMs(wanted) <= longestFaultMs ? wanted : undefined;
  },
};

const upTo = (maximum: number, description: string) => Type.Number({ minimum: 0, maximum, description });

const ErrorsSchema = Type.Object(
  {
    percent: upTo(100, 'share of requests that fail'),
    kinds: Type.Optional(
      TextOf(errorKinds, {
        description: 'how the requests fail that fail, with weights (default: APP_ERROR_KINDS)',
        examples: ['500:8,503:1,drop:1'],
        maxLength: 500,
      }),
    ),
    delayMs: Type.Optional(
      upTo(longestFaultMs, 'how much later a request is answered that fails with a delay'),
    ),
  },
  Strict,
);

/** Faults that can be injected while the app runs. Each takes the place of the environment's setting for the same thing. */
const FaultsSchema = Type.Object(
  {
    latency: Type.Optional(
      TextOf(boundedLatency, {
        description: 'time each request waits',
        examples: ['lognormal:400,0.6'],
        maxLength: 100,
      }),
    ),
    errors: Type.Optional(ErrorsSchema),
    cpuMs: Type.Optional(upTo(mostCpuMs, 'CPU time each request uses')),
    memoryMib: Type.Optional(upTo(mostMemoryMib, 'memory each request holds')),
    capacityRatio: Type.Optional(
      Type.Number({ minimum: 0.01, maximum: 1, description: 'share of the capacity that is left' }),
    ),
  },
  Strict,
);

export type Faults = Static<typeof FaultsSchema>;
export type FaultName = keyof Faults;
export const faultNames = Object.keys(FaultsSchema.properties) as FaultName[];

/** The body of `PUT` and `PATCH /admin/faults`. */
export const FaultOrderSchema = Type.Object(
  {
    preset: Type.Optional(
      Type.String({ description: 'name of a preset; `faults` take precedence over its faults' }),
    ),
    faults: Type.Optional(FaultsSchema),
    durationSeconds: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: longestFaultSeconds,
        default: defaultFaultSeconds,
        description: 'time until these faults end by themselves',
      }),
    ),
  },
  Strict,
);

/** Every active fault, with the time it ends. */
export const ActiveFaultsSchema = Type.Object({
  faults: Type.Array(
    Type.Object({
      fault: Type.Enum(faultNames),
      value: Type.Unknown({ description: 'as it was ordered' }),
      expiresAt: Type.String({ format: 'date-time' }),
      secondsLeft: Type.Number(),
    }),
  ),
});

export const PresetsSchema = Type.Object({
  presets: Type.Array(Type.Object({ preset: Type.String(), meaning: Type.String(), faults: FaultsSchema })),
});
