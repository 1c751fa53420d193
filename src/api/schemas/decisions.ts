import { Type } from 'typebox';
import { decisionBases } from '../../forecast/index.ts';
import { servedPartNames } from '../answers/served-parts.ts';
import { named } from './named.ts';
import { choice, identity, orNull, unixSeconds } from './parts.ts';

export const record = named(
  'RecordState',
  'Where decisions are kept.',
  Type.Object({
    kept: choice(['file', 'memory'], { description: 'memory = some hours only, and until a restart' }),
    warning: orNull(Type.String({ description: 'why it is not kept in its file, and the remedy' })),
    oldestAt: orNull(unixSeconds('oldest decision on record')),
  }),
);

export const RecordedDecisionSchema = named(
  'RecordedDecision',
  'A decision that was served. Demand other than `signal` is kept to within 0.02 %, or 0.1 % where decisions are many.',
  Type.Object({
    at: unixSeconds('moment that was asked for, or when the decision was made'),
    madeAt: unixSeconds('when the decision was made'),
    status: choice(['served', 'unavailable'], { description: 'unavailable = KEDA got an error' }),
    precision: choice(['exact', 'thousandths', 'coarse'], {
      description:
        'exact = time and signal as they were; thousandths = time to the second, signal as KEDA passes it on; coarse = less',
    }),
    askedElsewhere: Type.Boolean({
      description:
        'true = KEDA asked another replica then, whose record does not answer: this is what a replica decided on the same data',
    }),
    signal: orNull(Type.Number({ description: 'what KEDA was told' })),
    replicasAsked: orNull(Type.Integer({ description: 'signal ÷ threshold, rounded up' })),
    basis: orNull(choice(decisionBases)),
    fresh: Type.Boolean({ description: 'false = there was no fresh data' }),
    active: orNull(Type.Boolean()),
    observed: orNull(Type.Number({ description: 'demand' })),
    expectedPeak: orNull(Type.Number({ description: 'median of the peak within the decision window' })),
    predictedPeak: orNull(Type.Number({ description: 'bound of that peak at the level asked for' })),
    wanted: orNull(Type.Number({ description: 'demand to be ready for, before tolerance and cap' })),
    cap: orNull(Type.Number({ description: 'highest value that the forecast could ask for' })),
    askedLevel: orNull(Type.Number({ description: 'level of the peak’s distribution' })),
    askedFactor: orNull(Type.Number({ description: 'factor on the bound at that level' })),
    margin: orNull(Type.Number({ description: 'least multiple of the observed demand beside the forecast' })),
    headroom: orNull(Type.Number({ description: 'factor of the reactive rule on the usual demand' })),
    trust: orNull(Type.Number({ description: 'weight of the forecast, 0–1' })),
    serviceLevel: orNull(Type.Number({ description: 'promised share of time served' })),
    windowSeconds: orNull(Type.Number({ description: 'decision window' })),
    threshold: orNull(Type.Number({ description: 'demand one replica should carry' })),
    hpaTolerance: orNull(Type.Number({ description: 'relative difference that the HPA ignores' })),
    replicas: orNull(Type.Integer({ description: 'replicas that the HPA had and kept' })),
    dataAgeSeconds: orNull(Type.Number({ description: 'age of the newest row of the forecast, seconds' })),
    came: orNull(
      Type.Number({
        description:
          'highest demand observed in the decision window; null while it is not over, and where a part of it is not on record or was not observed',
      }),
    ),
    parts: Type.Record(Type.String(), Type.Number(), {
      description: `parts that add up to \`signal\`: ${servedPartNames.join(', ')}; those that are 0 are left out`,
    }),
    experts: Type.Array(
      Type.Object({
        name: Type.String(),
        percent: Type.Integer({ description: 'weight in the forecast' }),
      }),
      { description: 'the three models that counted most' },
    ),
    reasons: Type.Array(Type.String(), {
      description: 'why the forecast had no influence, or why nothing was served',
    }),
  }),
);

export const DecisionsSchema = named(
  'DecisionList',
  'Decisions that were served, with what came.',
  Type.Object({
    ...identity,
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    stepSeconds: orNull(Type.Number({ description: 'distance of the moments; null = every decision' })),
    record,
    decisions: Type.Array(RecordedDecisionSchema),
    next: orNull(unixSeconds('`from` of the next answer, where this one has not all of them')),
  }),
);
