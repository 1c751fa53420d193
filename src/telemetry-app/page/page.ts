import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { browserGuards, ownContentOnly } from '../../platform/http/http-headers.ts';
import { type Answer, refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import { described } from '../http/described.ts';
import { LiveStateSchema } from './live-view.ts';

const guards = { 'content-security-policy': ownContentOnly({ images: "'self'" }), ...browserGuards };

/** What the page consists of besides its HTML, with media types. */
const files = {
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'call-tree.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Everything the page shows: which app this is, and its live state. */
export const PageStateSchema = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    instance: Type.String(),
    state: Type.String(),
    uptimeSeconds: Type.Integer({ minimum: 0 }),
    inFlight: Type.Integer({ minimum: 0 }),
    destination: Type.Union([Type.String(), Type.Null()]),
    ...LiveStateSchema.properties,
  },
  { $id: 'Live' },
);

export type PageState = Answer<typeof PageStateSchema>;

/** `GET /ui` and what the page asks for. None of it is work, so that watching the app is no demand. */
export function registerPage(app: TypedInstance, state: () => PageState): void {
  const html = { 200: { content: { 'text/html': { schema: Type.String() } } } };
  const page = textOf('index.html');
  app.get(
    '/ui',
    described('a page for people: the newest call tree, rate, latency and replicas, live', html),
    (_, reply) => reply.headers(guards).type('text/html; charset=utf-8').send(page),
  );
  for (const [file, type] of Object.entries(files)) {
    const text = textOf(file);
    app.get(`/ui/${file}`, { schema: { hide: true } }, (_, reply) =>
      reply.headers(guards).type(type).send(text),
    );
  }
  app.get(
    '/ui/state',
    described('what the page shows, as JSON', { 200: refTo<unknown>('Live') }),
    (_, reply) => reply.headers(guards).header('cache-control', 'no-store').send(state()),
  );
}

function textOf(file: string): string {
  return readFileSync(new URL(`./public/${file}`, import.meta.url), 'utf8');
}
