import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { FieldError } from '../../platform/errors.ts';
import { type Answer, refTo } from '../../platform/http/typed-routes.ts';
import type { Call } from '../chain/call-tree.ts';

/** Media type of a problem document. */
export const problemType = 'application/problem+json';

/** Every answer of the app that is not a success: its code, status and meaning. */
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

const DetailsSchema = Type.Object({
  detail: Type.Optional(Type.String({ description: 'the culprit in this case' })),
  chain: Type.Optional(refTo<unknown[]>('Chain')),
  traceId: Type.Optional(Type.String()),
  call: Type.Optional(refTo<Call>('Call')),
  upstream: Type.Optional(Type.Object({}, { description: 'the problem the destination answered with' })),
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ examples: Object.keys(problems) }),
    app: Type.String(),
    ...DetailsSchema.properties,
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
);

/** What a problem says besides its code. A status replaces the one of the code. */
interface ProblemDetails extends Answer<typeof DetailsSchema> {
  readonly status?: number;
  readonly faults?: readonly FieldError[];
}

type Headers = Readonly<Record<string, string>>;

/** A refusal or failure of a request. A handler throws it, and the server answers with its problem document (RFC 9457). */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  readonly headers: Headers;

  constructor(code: ProblemCode, details: ProblemDetails = {}, headers: Headers = {}) {
    super(details.detail ?? problems[code].title);
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  get status(): number {
    return this.details.status ?? problems[this.code].status;
  }

  /** The problem document, which names the app. */
  document(app: string) {
    const { code, status, details } = this;
    const type = `urn:telemetry-app:problem:${code}`;
    return { type, title: problems[code].title, status, code, app, ...details };
  }
}

/** Status that nginx logs for a connection it closed without an answer; there is no standard status for it. */
export const droppedStatus = 444;

/** Answers with the problem document, or cuts the connection where the status says so. */
export function sendProblem(reply: FastifyReply, app: string, problem: Problem): FastifyReply {
  const { status, headers } = problem;
  reply.code(status);
  if (status !== droppedStatus) return reply.headers(headers).type(problemType).send(problem.document(app));
  reply.hijack().raw.destroy();
  return reply;
}
