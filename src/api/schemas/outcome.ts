import { Type } from 'typebox';
import { adviceCodes } from '../answers/outcome-advice.ts';
import { named } from './named.ts';
import { choice, identity, orNull, unixSeconds } from './parts.ts';

const ServedSchema = named(
  'ServedTime',
  'What one rule did in a span of time.',
  Type.Object({
    achievedService: orNull(
      Type.Number({ description: 'share of time in which the ready replicas carried it' }),
    ),
    shortSeconds: Type.Number({
      description: 'time in which demand was above what the ready replicas carry',
    }),
    replicaHours: Type.Number({ description: 'replicas, ready or not, added up over the hours' }),
  }),
);

export const OutcomeSchema = named(
  'Outcome',
  'How well a workload was served lately, beside the reactive rule, and what to do.',
  Type.Object({
    ...identity,
    mode: choice(['active', 'reactive'], {
      description: 'what is served; `forescale` below is what mode active serves, whatever this says',
    }),
    status: choice(['ok', 'learning']),
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
      named(
        'OutcomeWindow',
        'One span of time up to the end of what was played.',
        Type.Object({
          window: choice(['1h', '1d', '7d']),
          windowSeconds: Type.Number(),
          knownSeconds: Type.Number({ description: 'time for which demand is known' }),
          forescale: ServedSchema,
          reactive: ServedSchema,
        }),
      ),
    ),
    advice: Type.Array(
      Type.Object({ code: choice([...adviceCodes]), message: Type.String({ description: 'for people' }) }),
      { description: 'the verdict first: whether the forecast is worth it; empty while learning' },
    ),
  }),
);
