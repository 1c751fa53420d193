import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { ApiPlugin } from '../../src/api/instance.ts';
import type { FleetSample } from '../scale-ups.ts';

/** Where the page of the demo is, below the URL of the server. */
export const demoPagePath = '/demo/';

const pageDirectory = fileURLToPath(new URL('./', import.meta.url));

/** What the page shows. */
export interface DemoPageSource {
  /** Each fleet with its samples, oldest first. */
  fleets(): readonly { readonly name: string; readonly samples: readonly FleetSample[] }[];
  /** A moment on the axes: simulated time as unix seconds, in which a day has 86,400. */
  simulatedSeconds(unixSeconds: number): number;
  /** The simulated time and what is the same for both fleets in a few sentences, or what came of it. */
  note(): string;
  /** Whether the run goes on, has ended, or has ended without a comparison because the machine was too busy. */
  state(): 'running' | 'ended' | 'withheld';
}

/**
 * Adds the page that compares the fleets to the server's HTTP port: `/demo/` and the JSON it draws, `/demo/fleets`. Its
 * charts, words and colours are those of the server's own page. None of it is part of the API.
 */
export function createDemoPage({ fleets, simulatedSeconds, note, state }: DemoPageSource): ApiPlugin {
  return async (app) => {
    await app.register(fastifyStatic, {
      root: pageDirectory,
      prefix: demoPagePath,
      decorateReply: false,
      wildcard: false,
      globIgnore: ['**/*.ts'],
      schemaHide: true,
    });
    app.get('/demo', { schema: { hide: true } }, (_request, reply) => reply.redirect(demoPagePath));
    app.get('/demo/fleets', { schema: { hide: true } }, (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return {
        note: note(),
        state: state(),
        fleets: fleets().map(({ name, samples }) => ({
          name,
          samples: samples.map((sample) => ({ ...sample, t: simulatedSeconds(sample.t) })),
        })),
      };
    });
  };
}
