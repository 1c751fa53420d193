import type { FastifySchemaCompiler } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { toForescaleError } from '../platform/errors.ts';
import type { TypedInstance } from '../platform/http/typed-routes.ts';
import { parseWithSchema } from '../platform/schema/schema-errors.ts';
import { ProblemSchema } from './problems.ts';

export type { Answer } from '../platform/http/typed-routes.ts';

export type ApiInstance = TypedInstance;

/** Adds routes of its own to an API before it listens. */
export type ApiPlugin = (app: ApiInstance) => void | Promise<void>;

/**
 * Validates by the schema, compiled for the first request because most routes never have one, and looks for the wrong fields only
 * where that refuses, so that a body of two mebibytes is checked in milliseconds. In query strings and paths, which are text, numbers
 * are converted and defaults filled in.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  let compiled: ReturnType<typeof Compile<TSchema>> | undefined;
  const what = httpPart === 'body' ? 'request body' : 'request';
  return (input: unknown) => {
    compiled ??= Compile(schema);
    // Most requests need nothing converted, which takes longer than everything else about them.
    if (compiled.Check(input)) return { value: input };
    const value = httpPart === 'body' ? input : Value.Convert(schema, Value.Default(schema, input));
    if (compiled.Check(value)) return { value };
    try {
      return { value: parseWithSchema(what, schema, value) };
    } catch (error) {
      return { error: toForescaleError(error) };
    }
  };
};

/** The query string of a route without parameters: a parameter is refused by name instead of ignored. */
export const NoParameters = Type.Object({}, { additionalProperties: false });

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemSchema } },
});
/** The responses of a route where it refuses or fails. */
export const problems = {
  '4xx': problem('The request cannot be served; `faults` lists the wrong fields.'),
  '5xx': problem('Forescale or its source failed.'),
};

/** The responses of a route: its answer, and problem documents for errors. */
export function answers<S extends TSchema>(good: S) {
  return { 200: good, ...problems };
}
