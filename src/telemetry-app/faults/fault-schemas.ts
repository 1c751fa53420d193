import { type Static, Type } from 'typebox';
import { errorKindsAllowed, parseErrorKinds } from './error-kinds.ts';
import { mostCpuMs, mostMemoryMib } from './fault-settings.ts';
import { latencyAllowed, longestWaitMs, parseLatency } from './latency-distribution.ts';

/** Longest wait that a fault may ask for at run time, so that a slip is over soon. */
export const longestFaultMs = 60_000;
export const defaultFaultSeconds = 60;
const longestFaultSeconds = 3600;

const Strict = { additionalProperties: false } as const;

const latencyRule = `${latencyAllowed}; here nothing may wait longer than ${longestFaultMs} ms`;
const LatencyText = Type.Refine(
  Type.String({ description: 'time each request waits', examples: ['lognormal:400,0.6'], maxLength: 100 }),
  (text) => {
    const latency = parseLatency(text);
    return latency !== undefined && longestWaitMs(latency) <= longestFaultMs;
  },
  () => `must be ${latencyRule}`,
);

const ErrorKindsText = Type.Refine(
  Type.String({
    description: 'what becomes of the requests that fail, with weights (default: APP_ERROR_KINDS)',
    examples: ['500:8,503:1,drop:1'],
    maxLength: 500,
  }),
  (text) => parseErrorKinds(text) !== undefined,
  () => `must be ${errorKindsAllowed}`,
);

/** What can be made to go wrong while the app runs. Each takes the place of what the environment says of it. */
const FaultsSchema = Type.Object(
  {
    latency: Type.Optional(LatencyText),
    errors: Type.Optional(
      Type.Object(
        {
          percent: Type.Number({ minimum: 0, maximum: 100, description: 'share of requests that fail' }),
          kinds: Type.Optional(ErrorKindsText),
          delayMs: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: longestFaultMs,
              description: 'how much later a request is answered that fails with a delay',
            }),
          ),
        },
        Strict,
      ),
    ),
    cpuMs: Type.Optional(
      Type.Number({ minimum: 0, maximum: mostCpuMs, description: 'CPU time each request uses' }),
    ),
    memoryMib: Type.Optional(
      Type.Number({ minimum: 0, maximum: mostMemoryMib, description: 'memory each request holds' }),
    ),
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
    preset: Type.Optional(Type.String({ description: 'name of a preset; `faults` come on top of it' })),
    faults: Type.Optional(FaultsSchema),
    durationSeconds: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: longestFaultSeconds,
        default: defaultFaultSeconds,
        description: 'how long until they end by themselves',
      }),
    ),
  },
  Strict,
);

/** Every fault that is active, with its end. */
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
