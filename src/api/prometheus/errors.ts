import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorTable, type ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { fromThrown, logUnforeseen } from '../problems.ts';

interface Kind {
  readonly status: number;
  readonly errorType: string;
}

/** What Prometheus says in the place of a problem document. Grafana reads the text of an error only from 400, 422 and 503. */
const kinds: Partial<Record<ErrorCode, Kind>> = {
  'invalid-argument': { status: 400, errorType: 'bad_data' },
  'unsupported-query': { status: 422, errorType: 'execution' },
  'too-large': { status: 422, errorType: 'execution' },
  'limit-reached': { status: 503, errorType: 'unavailable' },
  overloaded: { status: 503, errorType: 'timeout' },
  'not-found': { status: 404, errorType: 'not_found' },
  unauthorized: { status: 401, errorType: 'unauthorized' },
};

/** Turns what a route threw into an error in the shape of Prometheus' API. */
export function createErrorHandler(log: Logger) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = fromThrown(thrown);
    if (error.code === 'internal') logUnforeseen(log, thrown, request);
    const { status, errorType } = kindOf(error);
    if (status === 401) reply.header('www-authenticate', 'Bearer realm="forescale"');
    if (status === 503) reply.header('retry-after', '5');
    const text =
      error.code === 'internal'
        ? `not your fault; the server's log tells more under requestId ${request.id}`
        : error.message;
    return reply
      .code(status)
      .type('application/json')
      .send(JSON.stringify({ status: 'error', errorType, error: text }));
  };
}

function kindOf({ code }: ForescaleError): Kind {
  const { httpStatus } = errorTable[code];
  return kinds[code] ?? { status: httpStatus, errorType: httpStatus >= 500 ? 'internal' : 'bad_data' };
}
