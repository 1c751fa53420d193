import { Type } from 'typebox';
import { boundPartNames, servedPartNames } from '../answers/served-parts.ts';
import { RecordedDecisionSchema, record } from './decisions.ts';
import { named } from './named.ts';
import { choice, identity, orNull } from './parts.ts';

const partsOf = <Name extends string>(names: readonly Name[], sum: string) =>
  Type.Array(
    Type.Object({
      name: choice([...names]),
      value: Type.Number(),
      meaning: Type.String({ description: 'for people' }),
    }),
    { description: `parts that add up to ${sum}; empty where there is none` },
  );

export const RecordedExplanationSchema = named(
  'RecordedExplanation',
  'With `at`: why KEDA was told what it was told then.',
  Type.Object({
    ...identity,
    record,
    summary: Type.String({
      description:
        'for people: what KEDA was told, how many replicas that is, which rule decided, and what came',
    }),
    rule: orNull(Type.String({ description: 'for people: which rule decided' })),
    recorded: RecordedDecisionSchema,
    parts: partsOf(servedPartNames, '`recorded.signal`'),
    boundParts: partsOf(boundPartNames, '`recorded.predictedPeak`'),
    outcome: orNull(Type.String({ description: 'for people: what came beside what was forecast' })),
  }),
);
