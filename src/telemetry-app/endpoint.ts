import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify';

/** A route, with what it is for: the info page lists it as it is registered. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly meaning: string;
  /** For the documentation alone: the handler says what is wrong with a request, in its own words. */
  readonly schema?: FastifySchema;
  /** Answers with what it returns, or with what it has given to `reply`. */
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}
