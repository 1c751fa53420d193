import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type ErrorCode, errorTable, ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';

/** An RFC 9457 problem document. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:forescale:problem:<code>' }),
    title: Type.String({ description: 'what the code means' }),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; see docs/errors.md' }),
    detail: Type.String({ description: 'the culprit and the remedy' }),
    instance: Type.String({ description: 'path of the request' }),
    faults: Type.Array(
      Type.Object({ field: Type.String(), value: Type.Optional(Type.String()), message: Type.String() }),
      { description: 'every wrong field, where several can be wrong at once' },
    ),
  },
  { description: 'Problem (RFC 9457)' },
);
type Problem = Static<typeof ProblemSchema>;

/** Turns whatever a route threw into a problem document. Faults of ours are logged whole and told in one sentence. */
export function createProblemHandler(log: Logger, urlCharacters: number) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = fromFastify(thrown, urlCharacters) ?? ownError(thrown);
    if (error.code === 'internal') {
      const { method, id } = request;
      const stack = thrown instanceof Error ? thrown.stack : String(thrown);
      log.error({ method, route: request.routeOptions.url, requestId: id, stack }, 'request-failed');
    }
    return sendProblem(reply, request, error);
  };
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
    instance: request.url.split('?', 1)[0] ?? '/',
    faults: [...error.faults],
  };
  if (httpStatus === 401) reply.header('www-authenticate', 'Bearer realm="forescale"');
  if (httpStatus === 429 || httpStatus === 503) reply.header('retry-after', '5');
  return reply.code(httpStatus).type('application/problem+json').send(problem);
}

function ownError(thrown: unknown): ForescaleError {
  return thrown instanceof ForescaleError
    ? thrown
    : new ForescaleError('internal', 'unforeseen', { cause: thrown });
}

/** Codes of Fastify that mean a fault of the request, in our words. */
const fastifyCodes: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'too-large',
    message: 'the request body is larger than this server takes; send fewer rows or a coarser step',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'invalid-argument',
    message: 'the request body must be JSON; send the header "content-type: application/json"',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid-argument', message: 'the request body is not JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    code: 'invalid-argument',
    message: 'the request body is empty; send a JSON object',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid-argument',
    message: 'the request body is not as long as its content-length says',
  },
  FST_ERR_BAD_URL: { code: 'invalid-argument', message: 'the path is not a valid URL' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not-found', message: 'no Kubernetes name is that long' },
};

function fromFastify(thrown: unknown, urlCharacters: number): ForescaleError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof ForescaleError) return undefined;
  const { code, statusCode } = thrown as Error & { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? fastifyCodes[code] : undefined;
  if (known !== undefined) return new ForescaleError(known.code, known.message, { cause: thrown });
  void urlCharacters;
  const isTheirs = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return isTheirs ? new ForescaleError('invalid-argument', thrown.message, { cause: thrown }) : undefined;
}
