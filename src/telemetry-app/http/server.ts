import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyError, fastify } from 'fastify';
import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { Logger } from '../../platform/log.ts';
import { clientLeft } from './client-left.ts';
import { Problem, problemType, sendProblem } from './problem.ts';

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
  // Answers are not checked either, which would cost every request a look at their schemas.
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => JSON.stringify);
  server.setReplySerializer((answer) => JSON.stringify(answer));
  server.setErrorHandler<FastifyError | Problem>((error, { method, routeOptions }, reply) => {
    if (error === clientLeft) return reply.hijack();
    const problem = error instanceof Problem ? error : problemOf(error);
    if (problem.code === 'internal') {
      log.error({ method, route: routeOptions.url, stack: error.stack }, 'request-failed');
    }
    return sendProblem(reply, app, problem);
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

/** The problem that an error of Fastify is; an error of the app's own code is internal. */
function problemOf({ statusCode = 500, message: detail }: FastifyError): Problem {
  if (statusCode === 413) return new Problem('body-too-large', { detail });
  return statusCode >= 400 && statusCode < 500
    ? new Problem('bad-request', { detail })
    : new Problem('internal');
}

const unreadable: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers input that never becomes a request: no HTTP, headers beyond 16 KiB, or too slow to arrive. It reaches no route and
 * no metric. Its connection is cut, because nobody knows where the next request would begin.
 */
function refuseUnreadable(
  { code = '' }: NodeJS.ErrnoException,
  socket: Socket,
  app: string,
  instance: string,
): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const status = unreadable[code] ?? 400;
  const problem = new Problem('bad-request', { status, detail: STATUS_CODES[status] ?? code });
  const body = JSON.stringify(problem.document(app));
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemType}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-app-instance: ${instance}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
