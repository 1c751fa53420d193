import { readFileSync } from 'node:fs';
import type { FastifyReply } from 'fastify';
import type { Endpoint } from '../http/endpoint.ts';
import { ref } from '../http/openapi-schemas.ts';
import type { LiveState } from './live-view.ts';

/** Everything from this app, nothing inline, in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = [
  { path: '/ui', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/ui/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/ui/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/ui/call-tree.js', file: 'call-tree.js', type: 'text/javascript; charset=utf-8' },
  { path: '/ui/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const;

/** What the page is shown: the app as a whole, and what of it moves. */
export interface PageState extends LiveState {
  readonly name: string;
  readonly version: string;
  readonly instance: string;
  readonly state: string;
  readonly uptimeSeconds: number;
  readonly inFlight: number;
  readonly destination: string | null;
}

export interface Page {
  /** What there is to ask for. */
  readonly endpoints: readonly Endpoint[];
  /** What the page itself asks for. */
  readonly assets: readonly Endpoint[];
}

/** `GET /ui`: no work, so that watching is no demand. */
export function createPage(state: () => PageState): Page {
  const [page, ...assets] = files.map(({ path, file, type }): Endpoint => {
    const text = readFileSync(new URL(`./public/${file}`, import.meta.url), 'utf8');
    return {
      method: 'GET',
      path,
      meaning: 'a page for people: the newest call tree, rate, latency and replicas, live',
      contract: { answers: { 200: { 'text/html': { type: 'string' } } } },
      handler: (_, reply) => secured(reply).type(type).send(text),
    };
  });
  const live: Endpoint = {
    method: 'GET',
    path: '/ui/state',
    meaning: 'what the page shows, as JSON',
    contract: { answers: { 200: { 'application/json': ref('Live') } } },
    handler: (_, reply) => secured(reply).header('cache-control', 'no-store').send(state()),
  };
  return { endpoints: page === undefined ? [live] : [page, live], assets };
}

function secured(reply: FastifyReply): FastifyReply {
  return reply.headers({
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
}
