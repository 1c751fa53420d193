import type { ApiInstance } from './instance.ts';

/** Everything from this server, nothing inline, in nobody's frame. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Swagger UI, the reference page, writes style attributes and an image as data. */
export const referencePagePolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

/** Says to browsers what the page may do, and that answers of the API are of the moment. */
export function addSecurityHeaders(app: ApiInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
}
