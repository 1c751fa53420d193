import { type TSchema, Type } from 'typebox';
import { type DistrustReason, type LearningReason, workloadStates } from '../forecast/index.ts';
import { fromEnvironment } from '../platform/secrets/from-environment.ts';
import { attentions } from './answers/attention.ts';
import { adviceCodes } from './answers/outcome-advice.ts';

// Shapes of the answers. Times are unix seconds, demand is in the unit of the query.

export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
export const unixSeconds = (description: string) =>
  Type.Number({ description: `${description}, unix seconds` });
const byQuantile = (description: string) => Type.Record(Type.String(), Type.Number(), { description });

const unit = Type.Optional(
  Type.String({ description: 'what demand is counted in; left out where the trigger does not say' }),
);
export const identity = {
  namespace: Type.String(),
  name: Type.String(),
  trigger: Type.String({ description: 'tells several triggers of one ScaledObject apart' }),
  unit,
};
const ModeSchema = Type.Enum(['active', 'reactive']);
const StateSchema = Type.Enum([...workloadStates], {
  description: 'what decides the signal, or why nothing does',
});

const WorkloadListItemSchema = Type.Object(
  {
    namespace: Type.String(),
    name: Type.String(),
    trigger: Type.Optional(
      Type.String({ description: 'where a ScaledObject has several: tells its triggers apart' }),
    ),
    mode: ModeSchema,
    state: StateSchema,
    attention: Type.Enum([...attentions], {
      description:
        'critical = unavailable or blind; warning = distrusted, more of the last week short than is allowed, or a next peak above the maximum of replicas; notice = learning, loading or reactive by choice',
    }),
    reason: Type.Optional(
      Type.String({ description: 'for people: why it wants attention; left out where all is well' }),
    ),
    unit,
    observed: orNull(Type.Number({ description: 'demand now' })),
    signal: orNull(Type.Number({ description: 'what KEDA is told; null = an error' })),
    replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
    replicasReady: orNull(Type.Integer({ description: 'by kube-state-metrics; null = not known' })),
    maxReplicas: orNull(Type.Integer({ description: 'of the HPA, by kube-state-metrics' })),
    leadTimeSeconds: Type.Number({ description: 'time from a decision to a ready pod' }),
    achievedService: orNull(
      Type.Number({
        description: 'share of the last week in which the rule that is served carried the demand',
      }),
    ),
    nextPeak: orNull(
      Type.Object(
        { t: unixSeconds('when it is'), replicas: Type.Integer({ description: 'needed then' }) },
        { description: 'highest forecast of the next day, 90 % sure at each moment' },
      ),
    ),
  },
  { description: 'numbers are rounded to four significant digits' },
);

export const WorkloadListSchema = Type.Object({
  total: Type.Integer({ description: 'workloads that match, on all pages' }),
  byState: Type.Record(Type.String(), Type.Integer(), {
    description: 'number of workloads in each state, of those that match but for `state`',
  }),
  workloads: Type.Array(WorkloadListItemSchema),
});

const DecisionSchema = Type.Object({
  at: unixSeconds('made'),
  fresh: Type.Boolean({
    description: 'false = blind: there is no fresh data, and the value is not below the last good one',
  }),
  signal: Type.Number({ description: 'what KEDA is told' }),
  active: Type.Boolean(),
  observed: Type.Number(),
  wanted: Type.Number({ description: 'demand to be ready for, before tolerance and cap' }),
  predictedPeak: orNull(Type.Number({ description: 'bound of the peak within the decision window' })),
  trust: orNull(Type.Number({ description: 'weight of the forecast in the decision, 0–1' })),
  windowSeconds: Type.Number({ description: 'decision window' }),
  dataAgeSeconds: orNull(
    Type.Number({ description: 'age of the newest row that the forecast was made from, seconds' }),
  ),
  serviceLevel: Type.Number({ description: 'promised share of time served' }),
  askedLevel: Type.Number({ description: 'level of the peak’s distribution that delivers it' }),
  askedFactor: Type.Number({ description: 'factor on the bound at that level, at most 1' }),
  margin: Type.Number({ description: 'least multiple of the observed demand beside a forecast' }),
  headroom: Type.Number({ description: 'factor of the reactive rule on the usual demand' }),
  basis: Type.Enum(['forecast', 'margin', 'headroom', 'observed', 'last-good']),
  fallbackReasons: Type.Array(Type.String()),
});

const fromWhere = Type.Enum(['trigger', 'cluster', 'default']);
const cluster = {
  leadTime: Type.Object({
    seconds: Type.Number({ description: 'time from a decision to a ready pod that decisions use' }),
    from: fromWhere,
    p95Seconds: orNull(Type.Number({ description: '95 % of the last starts took at most this long' })),
    starts: orNull(Type.Integer({ description: 'starts it was learned from' })),
    meaning: Type.String({ description: 'where it comes from, in words' }),
    warning: orNull(Type.String({ description: 'the trigger’s own value is far from what was learned' })),
  }),
  hpaTolerance: Type.Object({ up: Type.Number(), down: Type.Number(), from: fromWhere }),
  replicas: orNull(
    Type.Object(
      {
        current: Type.Integer(),
        desired: orNull(Type.Integer()),
        ready: orNull(Type.Integer()),
        min: orNull(Type.Integer()),
        max: orNull(Type.Integer()),
        at: unixSeconds('seen'),
      },
      { description: 'as the HPA has them, from kube-state-metrics' },
    ),
  ),
};

export const WorkloadStatusSchema = Type.Object({
  ...identity,
  mode: ModeSchema,
  state: StateSchema,
  headline: Type.String({ description: 'the state in words' }),
  reasons: Type.Array(Type.String()),
  query: Type.String({ description: `the query, or "${fromEnvironment}"` }),
  source: Type.String({ description: `its profile or address, or "${fromEnvironment}"` }),
  threshold: Type.Number({ description: 'demand one replica should carry' }),
  activationThreshold: Type.Number(),
  horizonSeconds: Type.Number(),
  stepSeconds: Type.Number(),
  gridSeconds: Type.Number(),
  newestRowAt: orNull(unixSeconds('newest row learned')),
  observed: orNull(Type.Object({ value: Type.Number(), at: unixSeconds('as of') })),
  decision: orNull(DecisionSchema),
  replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
  ...cluster,
  health: Type.Object({
    state: Type.Enum(['loading', 'fresh', 'blind']),
    lastSuccessAt: orNull(unixSeconds('last good answer of the source')),
    lastError: orNull(
      Type.Object({ code: Type.String(), message: Type.String(), at: unixSeconds('happened') }),
    ),
    rows: Type.Integer(),
    warnings: Type.Array(Type.String()),
  }),
  warnings: Type.Array(
    Type.Object({ field: Type.String(), value: Type.Optional(Type.String()), message: Type.String() }),
    { description: 'unknown or ineffective keys of the trigger' },
  ),
});

const LearningReasonSchema = Type.Object({
  code: Type.Unsafe<LearningReason['code']>(Type.String()),
  message: Type.String(),
});
const forecast = {
  status: Type.Enum(['ok', 'learning']),
  reasons: Type.Array(LearningReasonSchema),
  origin: orNull(unixSeconds('newest grid point used')),
  stepSeconds: Type.Number(),
  unit,
  seasons: Type.Array(Type.Number(), { description: 'lengths of the seasons found, seconds' }),
  points: Type.Array(
    Type.Object({
      t: unixSeconds('for'),
      median: Type.Number(),
      quantiles: byQuantile('value by probability'),
    }),
  ),
};
export const ForecastSchema = Type.Object(forecast);

export const AdHocForecastSchema = Type.Object({
  ...forecast,
  warnings: Type.Array(Type.String(), { description: 'warnings of the source' }),
});

export const HistorySchema = Type.Object({
  ...identity,
  stepSeconds: Type.Number(),
  from: unixSeconds('start'),
  to: unixSeconds('end'),
  timestamps: Type.Array(Type.Number(), { description: 'unix seconds; missing rows are left out' }),
  values: Type.Array(Type.Number()),
});

export const HorizonSchema = Type.Object({
  horizonSeconds: Type.Number(),
  count: Type.Number({ description: 'forecasts that came due' }),
  wape: orNull(Type.Number({ description: 'Σ|error| ÷ Σ value' })),
  bias: orNull(Type.Number({ description: 'mean error ÷ mean value; positive = too high' })),
  relativeToPersistence: orNull(
    Type.Number({ description: 'error divided by that of assuming no change; below 1 = better' }),
  ),
  relativeToSeasonalNaive: orNull(
    Type.Number({ description: 'error divided by that of repeating the last season; below 1 = better' }),
  ),
  coverage: byQuantile('share of values at or below each quantile'),
  pinball: byQuantile('mean pinball loss ÷ mean value'),
  weights: byQuantile('weight of each expert'),
  distrust: Type.Array(Type.Unsafe<DistrustReason>(Type.String()), {
    description: 'why forecasts this far ahead should not be trusted at present; empty = they can be',
  }),
});

export const AccuracySchema = Type.Object({ ...identity, horizons: Type.Array(HorizonSchema) });

const ServedSchema = Type.Object({
  achievedService: orNull(
    Type.Number({ description: 'share of time in which the ready replicas carried it' }),
  ),
  shortSeconds: Type.Number({ description: 'time in which demand was above what the ready replicas carry' }),
  replicaHours: Type.Number({ description: 'replicas, ready or not, added up over the hours' }),
});

export const OutcomeSchema = Type.Object({
  ...identity,
  mode: Type.Enum(['active', 'reactive'], {
    description: 'what is served; `forescale` below is what mode active serves, whatever this says',
  }),
  status: Type.Enum(['ok', 'learning']),
  summary: Type.String({ description: 'for people: the last week by both rules' }),
  until: orNull(unixSeconds('end of what was played')),
  serviceLevel: orNull(Type.Number({ description: 'promised share of time served' })),
  askedLevel: orNull(Type.Number({ description: 'level of the peak’s distribution that delivers it' })),
  askedFactor: orNull(Type.Number({ description: 'factor on the bound at that level, at most 1' })),
  headroom: orNull(
    Type.Number({ description: 'factor of the reactive rule on the usual demand that delivers it' }),
  ),
  trust: orNull(Type.Number({ description: 'weight of the forecast in the decision, 0–1' })),
  leadTimeSeconds: orNull(Type.Number({ description: 'start-up of a replica that is played' })),
  budgetLeftRatio: orNull(
    Type.Number({
      description: 'share of the short time allowed in a week that is left; below 0 = overspent',
    }),
  ),
  windows: Type.Array(
    Type.Object({
      window: Type.Enum(['1h', '1d', '7d']),
      windowSeconds: Type.Number(),
      knownSeconds: Type.Number({ description: 'time for which demand is known' }),
      forescale: ServedSchema,
      reactive: ServedSchema,
    }),
  ),
  advice: Type.Array(
    Type.Object({ code: Type.Enum([...adviceCodes]), message: Type.String({ description: 'for people' }) }),
    { description: 'the verdict first: whether the forecast is worth it; empty while learning' },
  ),
});

export const ExplanationSchema = Type.Object({
  ...identity,
  summary: Type.String({
    description: 'for people: what KEDA is told, which rule decided, and what changes the forecast most',
  }),
  state: StateSchema,
  threshold: Type.Number({ description: 'demand one replica should carry' }),
  replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
  decision: orNull(DecisionSchema),
  ...cluster,
  forecast: Type.Object({
    status: Type.Enum(['ok', 'learning']),
    reasons: Type.Array(LearningReasonSchema),
    summary: Type.String({ description: 'for people: what is forecast, and what changes it most' }),
    origin: orNull(unixSeconds('newest row used')),
    t: orNull(unixSeconds('moment that is explained; for a peak, where the forecast is highest')),
    windowSeconds: orNull(Type.Number({ description: 'window of the peak; null = a moment is explained' })),
    quantile: orNull(Type.Number()),
    value: orNull(Type.Number({ description: 'forecast for that quantile' })),
    median: orNull(Type.Number({ description: 'median forecast at `t`' })),
    components: Type.Array(
      Type.Object({
        name: Type.Enum(['level', 'day', 'week', 'deviation', 'event', 'safetyMargin']),
        value: Type.Number(),
        meaning: Type.String({ description: 'what it is, or why it is 0' }),
      }),
      { description: 'parts that add up to `value`; empty while there is none' },
    ),
    newest: Type.Object({
      value: orNull(Type.Number({ description: 'newest demand on the grid' })),
      usual: orNull(Type.Number({ description: 'usual demand at that moment' })),
    }),
    experts: Type.Array(
      Type.Object({ name: Type.String(), weight: Type.Number({ description: '0–1, largest first' }) }),
    ),
    seasons: Type.Array(Type.Number(), { description: 'lengths of the seasons found, seconds' }),
    accuracy: orNull(HorizonSchema),
  }),
});

export const StatusSchema = Type.Object({
  version: Type.String(),
  uptimeSeconds: Type.Number(),
  mode: ModeSchema,
  ready: Type.Boolean(),
  reasons: Type.Array(Type.String()),
  workloads: Type.Object({
    total: Type.Integer(),
    byState: Type.Record(Type.String(), Type.Integer()),
  }),
});

export const ModeAnswerSchema = Type.Object({ mode: ModeSchema });

export const HealthSchema = Type.Object({ status: Type.Literal('alive') });
export const ReadySchema = Type.Object({ ready: Type.Boolean(), reasons: Type.Array(Type.String()) });
