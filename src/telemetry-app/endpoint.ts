import type { FastifyReply, FastifyRequest } from 'fastify';

/** A route, with what it is for: the info page lists it as it is registered. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly meaning: string;
  /** Answers with what it returns, or with what it has given to `reply`. */
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}
