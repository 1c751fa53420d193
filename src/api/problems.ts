import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type ErrorCode, errorTable, ForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { Fault } from './schemas/fault.ts';
import { named } from './schemas/named.ts';

/** An RFC 9457 problem document. */
export const ProblemSchema = named(
  'Problem',
  'What is wrong, and what to do (RFC 9457).',
  Type.Object({
    type: Type.String({ description: 'urn:forescale:problem:<code>' }),
    title: Type.String({ description: 'what the code means' }),
    status: Type.Integer(),
    code: Type.String({
      description: 'stable; docs/errors.md says what each means',
      examples: ['invalid-argument', 'not-found'],
    }),
    detail: Type.String({ description: 'what is wrong and what to do' }),
    instance: Type.String({ description: 'path of the request' }),
    faults: Type.Array(Fault, { description: 'every wrong field' }),
  }),
);
type Problem = Static<typeof ProblemSchema>;

/** Turns what a route threw into a problem document. An internal error is logged with its stack and answered without. */
export function createProblemHandler(log: Logger) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = fromThrown(thrown);
    if (error.code === 'internal') logUnforeseen(log, thrown, request);
    return sendProblem(reply, request, error);
  };
}

/** Logs an error that is a bug with its stack, which the answer leaves out. */
export function logUnforeseen(log: Logger, thrown: unknown, request: FastifyRequest): void {
  const { method, id } = request;
  const stack = thrown instanceof Error ? thrown.stack : String(thrown);
  log.error({ method, route: request.routeOptions.url, requestId: id, stack }, 'request-failed');
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, error: ForescaleError): FastifyReply {
  const { httpStatus, meaning } = errorTable[error.code];
  const problem: Problem = {
    type: `urn:forescale:problem:${error.code}`,
    title: meaning,
    status: httpStatus,
    code: error.code,
    detail:
      error.code === 'internal'
        ? `not your fault; the server's log tells more under requestId ${request.id}`
        : error.message,
    instance: pathOf(request),
    faults: [...error.fieldErrors],
  };
  if (httpStatus === 401) reply.header('www-authenticate', 'Bearer realm="forescale"');
  if (httpStatus === 429 || httpStatus === 503) reply.header('retry-after', '5');
  return reply.code(httpStatus).type('application/problem+json').send(problem);
}

/** The path of a request, without its query string. */
export function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '/';
}

/** Codes and messages for requests that Fastify refuses before a route is reached; without a message, Fastify's is taken. */
const refusals: Readonly<Record<number, { readonly code: ErrorCode; readonly message?: string }>> = {
  400: { code: 'invalid-argument' },
  // A path that leads out of the folder of static files.
  403: { code: 'not-found', message: 'there is no such file' },
  404: { code: 'not-found' },
  413: {
    code: 'too-large',
    message: 'the request body is larger than this server takes; send fewer rows or a coarser step',
  },
  414: { code: 'not-found', message: 'no Kubernetes name is that long' },
  415: {
    code: 'invalid-argument',
    message: 'the request body must be JSON; send it with the header "content-type: application/json"',
  },
};

/** What a route or Fastify itself threw, as an error of ours; what nobody foresaw is `internal`. */
export function fromThrown(thrown: unknown): ForescaleError {
  if (thrown instanceof ForescaleError) return thrown;
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number') {
    const refusal = refusals[thrown.statusCode];
    if (refusal !== undefined) {
      return new ForescaleError(refusal.code, refusal.message ?? thrown.message, { cause: thrown });
    }
  }
  return new ForescaleError('internal', 'unforeseen', { cause: thrown });
}
