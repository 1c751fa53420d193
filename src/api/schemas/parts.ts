import { type TSchema, Type } from 'typebox';
import { workloadStates } from '../../forecast/index.ts';
import { named } from './named.ts';

// Parts of answers. Times are unix seconds, demand is in the unit of the query.

/** A text out of a few. */
export const choice = <const T extends string>(values: readonly T[], options: object = {}) =>
  Type.Enum([...values], { type: 'string', ...options });
export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
export const unixSeconds = (description: string) =>
  Type.Number({ description: `${description}, unix seconds` });
export const byQuantile = (description: string) => Type.Record(Type.String(), Type.Number(), { description });

export const unit = Type.Optional(
  Type.String({ description: 'what demand is counted in; left out where the trigger does not say' }),
);
export const identity = {
  namespace: Type.String(),
  name: Type.String(),
  trigger: Type.String({ description: 'tells several triggers of one ScaledObject apart' }),
  unit,
};

export const ModeSchema = named(
  'Mode',
  'active = the forecast may decide; reactive = the observed demand is served',
  choice(['active', 'reactive']),
);
export const StateSchema = named(
  'WorkloadState',
  'What decides the signal, or why nothing does.',
  choice(workloadStates),
);
