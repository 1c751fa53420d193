import { type FastifyError, type FastifyInstance, fastify } from 'fastify';
import type { Logger } from '../../platform/log.ts';
import type { Endpoint } from './endpoint.ts';
import { type ProblemCode, sendProblem } from './problem.ts';
import { refuseUnreadable } from './unreadable-request.ts';

/** A request must have arrived whole by then. */
const requestTimeoutMs = 30_000;

export interface ServerOptions {
  readonly app: string;
  /** Which replica this is: every problem says so. */
  readonly instance: string;
  /** What the platform asks, operators, and people who watch: not measured. */
  readonly probes: readonly Endpoint[];
  /** What users ask. */
  readonly work: readonly Endpoint[];
  /** Adds what observes the requests of users, those that match no route included. */
  readonly observe: (instance: FastifyInstance) => void;
  readonly isDraining: () => boolean;
  readonly log: Logger;
}

/**
 * The routes, and what is the same for all of them: bodies, problems, and the goodbye to keep-alive clients.
 */
export function createServer({
  app,
  instance,
  probes,
  work,
  observe,
  isDraining,
  log,
}: ServerOptions): FastifyInstance {
  // Fastify's own logger would make a child for every request; what is worth logging goes to `log`.
  const server = fastify({
    requestTimeout: requestTimeoutMs,
    // Addresses that no route could be looked up for; they reach neither hooks nor the error handler.
    frameworkErrors: (error, _, reply) =>
      void sendProblem(reply.header('x-app-instance', instance), app, 'bad-request', {
        detail: error.message,
      }),
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, app, instance),
  });
  acceptJsonOfAnyType(server);
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = refusalCode(error);
    if (code !== 'internal') return sendProblem(reply, app, code, { detail: error.message });
    const { method, routeOptions } = request;
    log.error({ method, route: routeOptions.url, stack: error.stack }, 'request-failed');
    return sendProblem(reply, app, code);
  });
  // On sending, not on arrival: a request that was under way when draining began would else keep its
  // connection, and closing would wait for it.
  server.addHook('onSend', (_, reply, payload, done) => {
    // A tree names its replicas; a problem, which may be sent before there is one, does it so.
    if (reply.statusCode >= 400) reply.header('x-app-instance', instance);
    if (isDraining()) reply.header('connection', 'close');
    done(null, payload);
  });
  addEndpoints(server, probes);
  server.register(async (observed) => {
    observe(observed);
    observed.setNotFoundHandler((request, reply) =>
      sendProblem(reply, app, 'not-found', { detail: `there is no ${request.method} ${request.url}` }),
    );
    addEndpoints(observed, work);
  });
  return server;
}

function addEndpoints(instance: FastifyInstance, endpoints: readonly Endpoint[]): void {
  for (const { method, path, handler } of endpoints) instance.route({ method, url: path, handler });
}

/** `curl -d '[]'` names another type; what counts is whether the body is a JSON array. */
function acceptJsonOfAnyType(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  // The usual type by its name as well: Fastify looks up what matches `*` anew for every request.
  server.addContentTypeParser(['application/json', '*'], { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      // No JSON is no array; the route says so.
      done(null, undefined);
    }
  });
}

function refusalCode({ statusCode = 500 }: FastifyError): ProblemCode {
  if (statusCode === 413) return 'body-too-large';
  return statusCode >= 400 && statusCode < 500 ? 'bad-request' : 'internal';
}
