import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { ApiInstance } from './instance.ts';

const pageDirectory = fileURLToPath(new URL('./page/', import.meta.url));
const uplotDirectory = dirname(createRequire(import.meta.url).resolve('uplot'));

/** Serves the page at `/` and its chart library below `/assets`, so that a browser asks no other host. */
export async function registerPage(app: ApiInstance): Promise<void> {
  await app.register(fastifyStatic, { root: pageDirectory, prefix: '/', wildcard: false, schemaHide: true });
  await app.register(fastifyStatic, {
    root: uplotDirectory,
    prefix: '/assets/uplot/',
    decorateReply: false,
    wildcard: false,
    globIgnore: ['**/!(uPlot.esm.js|uPlot.min.css)'],
    schemaHide: true,
  });
}
