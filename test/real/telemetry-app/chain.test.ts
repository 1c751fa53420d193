import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/telemetry-app/chain/call-tree.ts';
import { startHttp } from '../../edges/telemetry-app/fake-upstream.ts';
import { type AppProcess, runApp, startAppUntil } from './app-process.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const start = (environment: Record<string, string>) => startAppUntil(opened, environment);

/** Three processes, of which `a` calls `b` and `b` calls `c`. `toEnd` receives what ends them. */
async function startChain(
  c: Record<string, string> = {},
  b: Record<string, string> = {},
  toEnd: (() => unknown)[] = opened,
) {
  const last = await startAppUntil(toEnd, { APP_NAME: 'c', ...c });
  const middle = await startAppUntil(toEnd, { APP_NAME: 'b', APP_URL_DESTINO: last.url, ...b });
  const first = await startAppUntil(toEnd, { APP_NAME: 'a', APP_URL_DESTINO: middle.url });
  return { a: first, b: middle, c: last };
}

async function post(app: AppProcess, chain: unknown, dispatcher?: Agent) {
  const { statusCode, body } = await request(`${app.url}/process`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chain),
    ...(dispatcher === undefined ? {} : { dispatcher }),
  });
  return { status: statusCode, answer: (await body.json()) as unknown };
}

async function get(app: AppProcess, path: string): Promise<{ status: number; body: string }> {
  const { statusCode, body } = await request(app.url + path);
  return { status: statusCode, body: await body.text() };
}

describe('three processes chained by environment alone', () => {
  const toEnd: (() => unknown)[] = [];
  let chain: Awaited<ReturnType<typeof startChain>>;
  beforeAll(async () => {
    chain = await startChain({}, {}, toEnd);
  });
  afterAll(async () => {
    for (const end of toEnd) await end();
  });

  it('answer with the chain, and each counts its request', async () => {
    expect(await post(chain.a, [])).toEqual({ status: 200, answer: ['a', 'b', 'c'] });
    for (const [name, app] of Object.entries(chain)) {
      expect((await get(app, '/metrics')).body).toContain(
        `app_requests_total{app="${name}",method="POST",route="/process",status="200"} 1`,
      );
    }
  });

  it('answer with the tree of their calls, each with its replica and its time', async () => {
    const { body } = await request(`${chain.a.url}/calls`);
    const names: string[] = [];
    const instances = new Set<string>();
    let within = Number.POSITIVE_INFINITY;
    let { call } = (await body.json()) as { call: Call };
    for (;;) {
      names.push(call.name);
      instances.add(call.instance ?? '');
      expect(call.durationMs).toBeLessThanOrEqual(within);
      expect(call.ownMs).toBeLessThanOrEqual(call.durationMs);
      within = call.durationMs;
      const [inner] = call.calls;
      if (inner === undefined) break;
      call = inner;
    }
    expect(names).toEqual(['a', 'b', 'c']);
    expect(instances.size).toBe(3);
  });

  it('tell how far a request came when the last one is down', async () => {
    // The last test of this chain, because it takes it apart.
    chain.c.signal('SIGKILL');
    await chain.c.exited;
    expect(await post(chain.a, [])).toMatchObject({
      status: 502,
      answer: {
        code: 'upstream-failed',
        app: 'a',
        chain: ['a'],
        upstream: { status: 502, code: 'upstream-unreachable', app: 'b', chain: ['a', 'b'] },
      },
    });
  });
});

describe('three processes of which one has a setting of its own', () => {
  it('keep one trace from end to end, whether it began before them or with them', async () => {
    const heard: (string | undefined)[] = [];
    const end = await startHttp((incoming, response) => {
      heard.push(incoming.headers['traceparent']?.toString(), incoming.headers['baggage']?.toString());
      response.end('["the end"]');
    });
    opened.push(end.stop);
    const { a } = await startChain({ APP_URL_DESTINO: end.url });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const tree = (headers: Record<string, string>) =>
      request(`${a.url}/calls`, { headers }).then(({ body }) => body.json()) as Promise<{ traceId: string }>;
    expect((await tree({ traceparent, baggage: 'user=7' })).traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(heard).toEqual([traceparent, 'user=7']);
    const { traceId } = await tree({});
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(heard[2]).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });

  it('do not wait for one that is slow beyond the timeout of the one before', async () => {
    const { a } = await startChain({ APP_LATENCY: '600000', APP_SEED: '1' }, { APP_TIMEOUT_MS: '200' });
    expect(await post(a, [])).toMatchObject({
      status: 502,
      answer: { app: 'a', upstream: { code: 'upstream-timeout', app: 'b', chain: ['a', 'b'] } },
    });
  });

  it('quote the one that failed on purpose', async () => {
    const { a } = await startChain({ APP_ERRORS: '100' });
    expect(await post(a, [])).toMatchObject({
      status: 502,
      answer: {
        app: 'a',
        upstream: {
          app: 'b',
          upstream: { status: 500, code: 'injected-error', app: 'c', chain: ['a', 'b', 'c'] },
        },
      },
    });
  });

  it('do not take nonsense for a chain', async () => {
    const server = createServer((_, response) => response.end('<html>It works!</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as AddressInfo;
    const app = await start({ APP_NAME: 'b', APP_URL_DESTINO: `http://127.0.0.1:${port}` });
    expect(await post(app, [])).toMatchObject({
      status: 502,
      answer: { code: 'upstream-nonsense', chain: ['b'] },
    });
  });
});

describe('an app told to end', () => {
  it('drains: not ready but alive, then finishes what is under way and exits with 0', async () => {
    const waiting: (() => void)[] = [];
    const upstream = createServer((_, response) => waiting.push(() => response.end('["a","late"]')));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    opened.push(() => new Promise((resolve) => upstream.close(resolve)));
    const { port } = upstream.address() as AddressInfo;
    const app = await start({
      APP_NAME: 'a',
      APP_URL_DESTINO: `http://127.0.0.1:${port}`,
      APP_DRAIN_SECONDS: '5',
    });
    const agent = new Agent();
    opened.push(() => agent.destroy());

    const underWay = post(app, [], agent);
    await expect.poll(() => waiting.length).toBe(1);
    expect((await get(app, '/readyz')).status).toBe(200);
    app.signal('SIGTERM');
    await expect.poll(async () => (await get(app, '/readyz')).status).toBe(503);
    expect((await get(app, '/healthz')).status).toBe(200);
    expect((await get(app, '/')).status).toBe(200);
    for (const answer of waiting) answer();
    expect(await underWay).toEqual({ status: 200, answer: ['a', 'late'] });
    expect(await app.exited).toBe(0);
    expect(app.lines.map((line) => line.msg)).toEqual(['listening', 'draining', 'closed']);
  });

  it('does not wait for connections on which nothing was asked for', async () => {
    const app = await start({ APP_TIMEOUT_MS: '600000' });
    const port = Number(new URL(app.url).port);
    const unused = connect(port, '127.0.0.1');
    const half = connect(port, '127.0.0.1', () => half.write('GET / HT'));
    opened.push(() => [unused, half].map((socket) => socket.destroy()));
    const closed = [unused, half].map((socket) => once(socket, 'close'));
    // Answered after both connections were accepted: they come in order.
    expect((await get(app, '/readyz')).status).toBe(200);
    app.signal('SIGTERM');
    await Promise.all(closed);
    expect(await app.exited).toBe(0);
  });

  it('finishes a request that outlasts the drain', async () => {
    const waiting: (() => void)[] = [];
    const upstream = createServer((_, response) => waiting.push(() => response.end('["late"]')));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    opened.push(() => new Promise((resolve) => upstream.close(resolve)));
    const { port } = upstream.address() as AddressInfo;
    const app = await start({ APP_URL_DESTINO: `http://127.0.0.1:${port}` });

    const underWay = post(app, []);
    await expect.poll(() => waiting.length).toBe(1);
    app.signal('SIGTERM');
    const isRefused = () =>
      get(app, '/healthz').then(
        () => false,
        () => true,
      );
    await expect.poll(isRefused).toBe(true);
    for (const answer of waiting) answer();
    expect(await underWay).toEqual({ status: 200, answer: ['late'] });
    expect(await app.exited).toBe(0);
  });
});

describe('an app that cannot start', () => {
  it('lists every fault of its environment and exits with 2', async () => {
    const { code, lines } = await runApp({
      APP_ERRORS: '200',
      APP_LATENCY: 'abc',
      APP_URL_DESTINO: 'nonsense',
    });
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      msg: 'environment-refused',
      error: expect.stringContaining('3 errors'),
    });
    for (const variable of ['APP_ERRORS', 'APP_LATENCY', 'APP_URL_DESTINO']) {
      expect(lines[0]?.['error']).toContain(`${variable} is `);
    }
  });

  it('names the port that is taken and exits with 1', async () => {
    const app = await start({});
    const port = new URL(app.url).port;
    const { code, lines } = await runApp({ APP_HOST: '127.0.0.1', APP_PORT: port });
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      msg: 'listen-failed',
      port: Number(port),
      error: expect.stringContaining('EADDRINUSE'),
    });
  });

  it('warns of a misspelt variable and starts all the same', async () => {
    const app = await start({ APP_ERROR: '50' });
    expect(app.lines[0]).toMatchObject({
      msg: 'unknown-variable',
      variable: 'APP_ERROR',
      didYouMean: 'APP_ERRORS',
    });
  });
});
