import { Type } from 'typebox';
import { HorizonSchema } from './accuracy.ts';
import { LearningReasonSchema } from './forecast.ts';
import { named } from './named.ts';
import { choice, identity, orNull, StateSchema, unixSeconds } from './parts.ts';
import { cluster, DecisionSchema } from './workload.ts';

export const ExplanationSchema = named(
  'Explanation',
  'Why KEDA is told its value, and the parts of the forecast behind it.',
  Type.Object({
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
      status: choice(['ok', 'learning']),
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
          name: choice(['level', 'day', 'week', 'deviation', 'shared', 'event', 'safetyMargin']),
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
  }),
);
