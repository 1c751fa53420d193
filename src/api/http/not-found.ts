import type { FastifyReply, FastifyRequest } from 'fastify';
import { ForescaleError } from '../../platform/errors.ts';
import type { ApiInstance } from '../instance.ts';
import { pathOf } from '../problems.ts';

/** Answers a request for which there is no route. */
export type NotFoundHandler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * Takes note of every route that is added later. A request that only has a method which no route at its path takes is told the
 * methods that some route takes; any other is not found.
 */
export function createNotFoundHandler(app: ApiInstance): NotFoundHandler {
  const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    routes.set(url, known);
  });
  const allowedAt = (path: string) =>
    [...routes.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? [...methods] : []));
  return (request, reply) => {
    const { method } = request;
    const path = pathOf(request);
    const allowed = [...new Set(allowedAt(path))].sort();
    // A route for files takes every path, and has no file at this one.
    if (allowed.length === 0 || allowed.includes(method)) {
      throw new ForescaleError(
        'not-found',
        `there is no ${method} ${path}; GET /openapi.json lists the routes`,
      );
    }
    reply.header('allow', allowed.join(', '));
    if (method === 'OPTIONS') return reply.code(204).send();
    throw new ForescaleError(
      'method-not-allowed',
      `${path} does not take ${method}; use ${allowed.join(' or ')}`,
    );
  };
}

/** A pattern of the paths of a route, whose parameters have no slash. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[^\w-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}/?$`);
}
