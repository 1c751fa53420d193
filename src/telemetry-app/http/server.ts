import { type FastifyError, fastify } from 'fastify';
import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { Logger } from '../../platform/log.ts';
import { clientLeft } from './client-left.ts';
import { Problem, type ProblemCode, sendProblem } from './problem.ts';
import { refuseUnreadable } from './unreadable-request.ts';

/** Time within which a whole request must have arrived. */
const requestTimeoutMs = 30_000;

export interface ServerOptions {
  readonly app: string;
  /** Name of this replica, which every problem carries in a header. */
  readonly instance: string;
  readonly isDraining: () => boolean;
  readonly log: Logger;
}

/** The server without its routes, with all that they share: bodies, problems, and the goodbye to keep-alive clients. */
export function createServer({ app, instance, isDraining, log }: ServerOptions): TypedInstance {
  // Fastify's own logger would make a child for every request; events worth logging go to `log`.
  const server: TypedInstance = fastify({
    requestTimeout: requestTimeoutMs,
    // Called for addresses for which no route can be looked up; they reach neither hooks nor the error handler.
    frameworkErrors: ({ message: detail }, _, reply) =>
      void sendProblem(reply.header('x-app-instance', instance), app, new Problem('bad-request', { detail })),
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, app, instance),
  });
  acceptJsonOfAnyType(server);
  // The schemas document the routes. Handlers check what comes in, and say in this app's own words what is wrong with it.
  server.setValidatorCompiler(() => () => true);
  server.setErrorHandler<FastifyError | Problem>((error, { method, routeOptions }, reply) => {
    if (error === clientLeft) return reply.hijack();
    if (error instanceof Problem) return sendProblem(reply, app, error);
    const code = codeOf(error);
    if (code !== 'internal') return sendProblem(reply, app, new Problem(code, { detail: error.message }));
    log.error({ method, route: routeOptions.url, stack: error.stack }, 'request-failed');
    return sendProblem(reply, app, new Problem(code));
  });
  // On sending, not on arrival: otherwise a request that was under way when draining began would keep its connection, and
  // closing would wait for it.
  server.addHook('onSend', (_, reply, payload, done) => {
    // A call tree names its replicas; a problem may be sent before there is a tree, so a header names the replica.
    if (reply.statusCode >= 400) reply.header('x-app-instance', instance);
    if (isDraining()) reply.header('connection', 'close');
    done(null, payload);
  });
  return server;
}

/** Answers requests that match no route of `server`. */
export function refuseUnknown(server: TypedInstance): void {
  server.setNotFoundHandler(({ method, url }) => {
    throw new Problem('not-found', { detail: `there is no ${method} ${url}` });
  });
}

/** Parses every body as JSON, because `curl -d '[]'` names another type. A body that is no JSON is undefined. */
function acceptJsonOfAnyType(server: TypedInstance): void {
  server.removeAllContentTypeParsers();
  // The usual type is registered by its name too: Fastify looks up what matches `*` anew for every request.
  server.addContentTypeParser(['application/json', '*'], { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, undefined);
    }
  });
}

function codeOf({ statusCode = 500 }: FastifyError): ProblemCode {
  if (statusCode === 413) return 'body-too-large';
  return statusCode >= 400 && statusCode < 500 ? 'bad-request' : 'internal';
}
