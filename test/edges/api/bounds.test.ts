import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import { defaultLimits } from '../../../src/api/limits.ts';
import { apiOptions, directoryOf, modelOf, taught, workloadOf } from './fixture.ts';

let app: ApiInstance | undefined;
afterEach(() => app?.close());

const reads = [
  '/',
  '/openapi.json',
  '/metrics',
  '/api/v1/status',
  '/api/v1/workloads',
  '/api/v1/workloads/shop/checkout',
  '/api/v1/workloads/shop/checkout/forecast',
];

describe('a server on loopback', () => {
  it('lets no page read it through a name of its own', async () => {
    app = await createApiApp(apiOptions({ boundToLoopback: true, token: undefined }));
    for (const url of reads) {
      for (const host of [
        'evil.example',
        'evil.example:8080',
        '127.0.0.1.evil.example',
        'localhost.evil.example',
      ]) {
        const { statusCode } = await app.inject({ url, headers: { host } });
        expect([url, host, statusCode]).toEqual([url, host, 401]);
      }
      for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:8080']) {
        expect((await app.inject({ url, headers: { host } })).statusCode).not.toBe(401);
      }
    }
  });

  it('can be read by every name with the token, and by every name where it is bound to all', async () => {
    const token = async () => 'open-sesame';
    app = await createApiApp(apiOptions({ boundToLoopback: true, token }));
    const headers = { host: 'dashboards.example', authorization: 'Bearer open-sesame' };
    expect((await app.inject({ url: '/api/v1/status', headers })).statusCode).toBe(200);
    await app.close();
    app = await createApiApp(apiOptions({ boundToLoopback: false, token }));
    expect((await app.inject({ url: '/api/v1/status', headers: { host: 'forescale.svc' } })).statusCode).toBe(
      200,
    );
  });
});

describe('an answer', () => {
  it('about a workload with hundreds of triggers names some of them, shortened', async () => {
    const model = { ...modelOf(taught(0)), query: 'q'.repeat(50_000) };
    const workloads = Array.from({ length: 800 }, (_, i) => workloadOf(model, { trigger: `t${i}` }));
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads) }));
    for (const url of ['/api/v1/workloads/shop/checkout', '/api/v1/workloads/shop/checkout?trigger=none']) {
      const { body } = await app.inject(url);
      expect(body).toContain('t9 (qqq');
      expect(body.length).toBeLessThan(10_000);
    }
  });

  it('is never larger than a mebibyte: it is refused with what to do', async () => {
    const model = { ...modelOf(taught(0)), query: 'q'.repeat(2_000_000) };
    app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(model)]) }));
    const answer = await app.inject('/api/v1/workloads/shop/checkout');
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({
      code: 'too-large',
      detail: expect.stringContaining('ask for less'),
    });
  });

  it('to a path that leads out of the static files is that there is none', async () => {
    app = await createApiApp(apiOptions());
    for (const path of ['%2e%2e/%2e%2e/package.json', '..%2f..%2fpackage.json', '%2e%2e%5cpackage.json']) {
      const { statusCode, body } = await app.inject(`/docs/static/${path}`);
      expect([path, statusCode]).toEqual([path, 404]);
      expect(body).not.toContain('report');
    }
  });
});

describe('connections', () => {
  it('are bounded, and requests that drip are looked for often', async () => {
    app = await createApiApp(apiOptions({ limits: { connections: 2 } }));
    await app.listen({ port: 0, host: '127.0.0.1' });
    expect(app.server).toMatchObject({
      maxConnections: 2,
      connectionsCheckingInterval: 5_000,
      requestTimeout: 15_000,
    });
    expect(defaultLimits.connections).toBe(1000);
    const address = app.server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
    const dropped = Promise.all(
      sockets.map(
        (socket) => new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve)),
      ),
    );
    await expect.poll(() => sockets.filter((socket) => socket.destroyed || socket.closed).length).toBe(2);
    for (const socket of sockets) socket.destroy();
    await dropped;
  });
});
