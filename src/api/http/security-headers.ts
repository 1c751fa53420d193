import { browserGuards, ownContentOnly } from '../../platform/http/http-headers.ts';
import type { ApiInstance } from '../instance.ts';

/** Content security policy of the page: it may load only its own files, and images from data URLs, because its icon is one. */
const pagePolicy = ownContentOnly({ images: "'self' data:" });

/** Content security policy of the reference page: Swagger UI also writes style attributes. */
export const referencePagePolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** Adds headers that say what a page may load and do, and that answers of the API must not be kept, unless a route says more. */
export function addSecurityHeaders(app: ApiInstance): void {
  app.addHook('onRequest', ({ url }, reply, done) => {
    reply.headers(headers);
    if (url.startsWith('/api/') || url.startsWith('/prometheus/api/')) {
      reply.header('cache-control', 'no-store');
    }
    done();
  });
}

const headers = {
  'content-security-policy': pagePolicy,
  ...browserGuards,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};
