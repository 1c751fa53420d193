import { hash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { ApiInstance } from '../instance.ts';

/** The entity tag of an answer: equal answers have equal tags, whichever replica gives them. */
export function entityTag(body: string): string {
  return `"${hash('sha1', body, 'base64url')}"`;
}

/** Whether a client that sends this If-None-Match header has what the tag stands for. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/**
 * Gives each answer of the API its entity tag, and 304 without a body to a client that has it. Browsers may keep an answer and have to
 * ask whether it still holds; caches between may not keep it.
 */
export function addEntityTags(app: ApiInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || !isCacheable(request.url, request.method, reply)) {
      done(null, payload);
      return;
    }
    const etag = String(reply.getHeader('etag') ?? entityTag(payload));
    reply.header('etag', etag);
    if (reply.getHeader('cache-control') === 'no-store') reply.header('cache-control', 'private, no-cache');
    if (!isKnown(request.headers['if-none-match'], etag)) {
      done(null, payload);
      return;
    }
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, '');
  });
}

function isCacheable(url: string, method: string, { statusCode }: FastifyReply): boolean {
  return statusCode === 200 && (method === 'GET' || method === 'HEAD') && url.startsWith('/api/v1/workloads');
}
