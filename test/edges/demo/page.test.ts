import { expect, it } from 'vitest';
import { createDemoPage } from '../../../demo/page/plugin.ts';
import { createApiApp } from '../../../src/api/app.ts';
import { apiOptions } from '../api/fixture.ts';

it('adds a page and its data to the server, and nothing to the API', async () => {
  const samples = [{ t: 1, replicas: 2, ready: 1, demand: 5, capacity: 10, shed: 0 }];
  const fleets = () => [{ name: 'forescale', samples }];
  const app = await createApiApp(
    apiOptions({
      plugins: [
        createDemoPage({
          fleets,
          note: () => 'It is Tuesday.',
          simulatedSeconds: (t) => 360 * t,
          state: () => 'running',
        }),
      ],
    }),
  );
  const page = await app.inject('/demo/');
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  const referred = [...page.body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, path = '']) => path);
  expect(referred).toContain('/demo/demo.js');
  for (const path of referred) expect((await app.inject(path)).statusCode, path).toBe(200);
  expect((await app.inject('/demo')).headers.location).toBe('/demo/');
  expect((await app.inject('/demo/plugin.ts')).statusCode).toBe(404);
  const data = await app.inject('/demo/fleets');
  expect(data.headers['cache-control']).toBe('no-store');
  expect(data.json()).toEqual({
    note: 'It is Tuesday.',
    state: 'running',
    fleets: [{ name: 'forescale', samples: [{ ...samples[0], t: 360 }] }],
  });
  expect((await app.inject('/openapi.json')).body).not.toContain('/demo');
  await app.close();
});
