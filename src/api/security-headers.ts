import { browserGuards, ownContentOnly } from '../platform/http-headers.ts';
import type { ApiInstance } from './instance.ts';

/** The page's icon is an image written as data. */
const pagePolicy = ownContentOnly({ images: "'self' data:" });

/** Swagger UI, the reference page, writes style attributes and an image as data. */
export const referencePagePolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** Says to browsers what the page may do, and that answers of the API are of the moment. */
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
