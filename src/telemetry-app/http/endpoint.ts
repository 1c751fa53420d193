import type { FastifyReply, FastifyRequest } from 'fastify';

/** A route, with what it is for: the info page and the OpenAPI document list it as it is registered. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly meaning: string;
  /** What the OpenAPI document says of it beyond that. */
  readonly contract?: EndpointContract;
  /** Answers with what it returns, or with what it has given to `reply`. */
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** JSON Schemas as OpenAPI 3.1 has them; `$ref` points into `openapi-schemas.ts`. */
interface EndpointContract {
  /** Which of the document's security schemes a request must satisfy; none = open. */
  readonly security?: readonly object[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  /** Media types and their schemas by status; problems need no mention. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, object>>>>;
}
