import { Type } from 'typebox';
import { named } from './named.ts';
import { identity, unixSeconds } from './parts.ts';

export const HistorySchema = named(
  'History',
  'Demand observed, means over the steps of the model’s grid.',
  Type.Object({
    ...identity,
    stepSeconds: Type.Number(),
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    timestamps: Type.Array(Type.Number(), { description: 'unix seconds; missing rows are left out' }),
    values: Type.Array(Type.Number()),
  }),
);
