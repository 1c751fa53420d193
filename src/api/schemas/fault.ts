import { Type } from 'typebox';
import { named } from './named.ts';

/** One field that is wrong, or whose effect may surprise. */
export const Fault = named(
  'Fault',
  'One field that is wrong, or that may surprise.',
  Type.Object({
    field: Type.String({ description: 'name of the parameter, or path of the field in the body' }),
    value: Type.Optional(Type.String({ description: 'as it was given' })),
    message: Type.String({ description: 'what is allowed' }),
  }),
);
