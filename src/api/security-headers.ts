import { browserGuards, ownContentOnly } from '../platform/http/http-headers.ts';
import type { ApiInstance } from './instance.ts';

/** What the page may load. Its icon is an image written as data. */
const pagePolicy = ownContentOnly({ images: "'self' data:" });

/** What the reference page may load: Swagger UI writes style attributes and an image as data. */
export const referencePagePolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** Adds headers that say what a page may load and do, and that answers of the API must not be cached. */
export function addSecurityHeaders(app: ApiInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      ...browserGuards,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
}
