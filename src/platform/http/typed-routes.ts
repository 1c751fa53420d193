import type { FastifyInstance, FastifyReply, FastifyRequest, FastifyTypeProvider } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

type DeepReadonly<T> = unknown extends T ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };

/** An answer of the schema's shape, read-only: it may share arrays with the state it describes. */
export type Answer<S extends TSchema> = DeepReadonly<Static<S>>;

/** A request part has the type of its schema, and the answer must have the type of its own. */
interface TypeBoxProvider extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Answer<this['schema']> : unknown;
}

/** A Fastify instance whose handlers are typed by the TypeBox schemas of their routes. */
export type TypedInstance = FastifyInstance<
  FastifyInstance['server'],
  FastifyRequest['raw'],
  FastifyReply['raw'],
  FastifyInstance['log'],
  TypeBoxProvider
>;

/** A reference to the schema that `addSchema` registered under `name`; the OpenAPI document keeps it as a reference. */
export function refTo<T>(name: string) {
  return Type.Unsafe<T>({ $ref: `${name}#` });
}
