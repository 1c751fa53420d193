import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../problems.ts';

/** Says in the header Link where the next page is: the request, with some parameters changed; undefined takes one out. */
export function linkNext(
  request: FastifyRequest,
  reply: FastifyReply,
  changes: Readonly<Record<string, number | undefined>>,
): void {
  const query = new URLSearchParams(request.url.split('?')[1] ?? '');
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, String(value));
  }
  reply.header('link', `<${pathOf(request)}?${query}>; rel="next"`);
}
