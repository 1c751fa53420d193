import { Type } from 'typebox';
import { named } from './named.ts';
import { identity, unixSeconds } from './parts.ts';

export const HistorySchema = named(
  'History',
  Type.Object({
    ...identity,
    stepSeconds: Type.Number(),
    from: unixSeconds('start'),
    to: unixSeconds('end'),
    timestamps: Type.Array(Type.Number(), { description: 'unix seconds; missing rows are left out' }),
    values: Type.Array(Type.Number()),
  }),
);
