import type { FastifyReply } from 'fastify';
import type { FieldError } from '../../platform/errors.ts';
import type { Call } from '../chain/call-tree.ts';

/** Everything the app answers that is no success: status and what the code means. */
export const problems = {
  'injected-error': { status: 500, title: 'this app failed on purpose (APP_ERRORS)' },
  unauthorized: { status: 401, title: 'this needs the admin token' },
  'bad-faults': { status: 400, title: 'the faults cannot be ordered like this' },
  'bad-fault-headers': { status: 400, title: 'the x-fault-* headers cannot be understood' },
  'upstream-unreachable': { status: 502, title: 'the next app cannot be reached' },
  'upstream-timeout': { status: 504, title: 'the next app did not answer in time (APP_TIMEOUT_MS)' },
  'upstream-failed': { status: 502, title: 'the next app answered with an error' },
  'upstream-nonsense': { status: 502, title: 'the next app answered with something that is no chain' },
  'not-an-array': { status: 400, title: 'the request body is not a JSON array' },
  starting: { status: 503, title: 'this app is not ready yet (APP_READY_DELAY_SECONDS)' },
  'queue-full': { status: 503, title: 'too many requests wait for their turn (APP_QUEUE_LIMIT)' },
  'queue-timeout': { status: 503, title: 'the request waited too long for its turn (APP_QUEUE_TIMEOUT_MS)' },
  'chain-too-long': {
    status: 400,
    title: 'the chain is longer than allowed; do the destinations form a loop?',
  },
  'chain-too-deep': { status: 400, title: 'the entries of the chain nest deeper than allowed' },
  'too-many-calls': {
    status: 508,
    title: 'the request has led to more calls than allowed; do the destinations form a loop?',
  },
  'bad-request': { status: 400, title: 'the request cannot be read' },
  'body-too-large': { status: 413, title: 'the request body is larger than 1 MiB' },
  'not-found': { status: 404, title: 'no such endpoint; GET / lists them' },
  internal: { status: 500, title: 'a fault of the app itself; its log tells more' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export interface ProblemDetails {
  /** In place of the status the code stands for. */
  readonly status?: number;
  /** The culprit of this very case. */
  readonly detail?: string;
  /** Apps the request had reached, this one included. */
  readonly chain?: readonly unknown[];
  /** Everything that is wrong with what was given, with what is allowed. */
  readonly faults?: readonly FieldError[];
  /** The problem the next app answered with. */
  readonly upstream?: unknown;
  /** The call tree as far as it came. */
  readonly call?: Call;
  readonly traceId?: string;
}

/** Answers with a problem document (RFC 9457) that names this app. */
export function sendProblem(
  reply: FastifyReply,
  app: string,
  code: ProblemCode,
  details: ProblemDetails = {},
): FastifyReply {
  const problem = problemDocument(app, code, details);
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

export function problemDocument(app: string, code: ProblemCode, details: ProblemDetails) {
  const { status, title } = problems[code];
  const type = `urn:telemetry-app:problem:${code}`;
  return { type, title, status: details.status ?? status, code, app, ...details };
}

export function problemStatus(code: ProblemCode): number {
  return problems[code].status;
}
