import { Type } from 'typebox';
import { decisionBases } from '../../forecast/index.ts';
import { fromEnvironment } from '../../platform/secrets/from-environment.ts';
import { Fault } from './fault.ts';
import { named } from './named.ts';
import { choice, identity, ModeSchema, orNull, StateSchema, unixSeconds } from './parts.ts';

export const DecisionSchema = named(
  'Decision',
  'What KEDA is told, and what it was decided from.',
  Type.Object({
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
    basis: choice(decisionBases),
    fallbackReasons: Type.Array(Type.String()),
  }),
);

const fromWhere = choice(['trigger', 'cluster', 'default']);
export const cluster = {
  leadTime: named(
    'LeadTime',
    'Time from a decision to a ready pod, and where it comes from.',
    Type.Object({
      seconds: Type.Number({ description: 'time from a decision to a ready pod that decisions use' }),
      from: fromWhere,
      p95Seconds: orNull(Type.Number({ description: '95 % of the last starts took at most this long' })),
      starts: orNull(Type.Integer({ description: 'starts it was learned from' })),
      meaning: Type.String({ description: 'where it comes from, in words' }),
      warning: orNull(Type.String({ description: 'the trigger’s own value is far from what was learned' })),
    }),
  ),
  hpaTolerance: named(
    'HpaTolerance',
    'Relative differences that the HPA ignores.',
    Type.Object({ up: Type.Number(), down: Type.Number(), from: fromWhere }),
  ),
  replicas: orNull(
    named(
      'Replicas',
      'Replicas as the HPA has them, from kube-state-metrics.',
      Type.Object({
        current: Type.Integer(),
        desired: orNull(Type.Integer()),
        ready: orNull(Type.Integer()),
        min: orNull(Type.Integer()),
        max: orNull(Type.Integer()),
        at: unixSeconds('seen'),
      }),
    ),
  ),
};

export const WorkloadStatusSchema = named(
  'Workload',
  'A workload with its settings, its decision and the health of its source.',
  Type.Object({
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
    observed: orNull(
      named(
        'Observation',
        'The newest value observed.',
        Type.Object({ value: Type.Number(), at: unixSeconds('as of') }),
      ),
    ),
    decision: orNull(DecisionSchema),
    replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
    askedBy: orNull(
      Type.Object(
        { replica: Type.String({ description: 'name of its pod' }), at: unixSeconds('asked last') },
        { description: 'the replica that KEDA asks; every replica answers alike' },
      ),
    ),
    ...cluster,
    health: named(
      'SourceHealth',
      'Where the model stands with its source.',
      Type.Object({
        state: choice(['loading', 'fresh', 'blind']),
        lastSuccessAt: orNull(unixSeconds('last good answer of the source')),
        lastError: orNull(
          Type.Object({ code: Type.String(), message: Type.String(), at: unixSeconds('happened') }),
        ),
        rows: Type.Integer(),
        archivedSince: Type.Optional(
          unixSeconds('of the oldest demand in the archive; absent where it is not archived'),
        ),
        effects: Type.Optional(
          Type.Array(
            Type.Object({
              name: Type.String({ description: 'such as end of the month' }),
              kind: choice(['month-end', 'first-of-month', 'yearly']),
              start: unixSeconds('at which the day begins'),
              end: unixSeconds('at which it is over'),
              ratio: Type.Number({ description: 'demand over the usual demand of such a weekday' }),
              occurrences: Type.Integer({ description: 'days that show it' }),
            }),
            { description: 'days to come on which the archive shows that demand is higher than usual' },
          ),
        ),
        warnings: Type.Array(Type.String()),
      }),
    ),
    warnings: Type.Array(Fault, { description: 'unknown or ineffective keys of the trigger' }),
  }),
);
