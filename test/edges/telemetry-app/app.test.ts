import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { buildApp, postChain } from './app-in-process.ts';

describe('GET /', () => {
  it('tells who the app is, how it is set up, and every endpoint it has', async () => {
    let now = 1000;
    const app = buildApp({ errorPercent: 0, maxLatencyMs: 30, seed: 7, clock: () => now });
    now = 1090;
    const info = (await app.server.inject('/')).json();
    expect(info).toMatchObject({
      name: 'a',
      version: '1.2.3',
      destination: null,
      errorPercent: 0,
      maxLatencyMs: 30,
      seed: 7,
      uptimeSeconds: 90,
    });
    const isAdmin = ({ path }: { path: string }) => path.startsWith('/admin');
    expect(info.endpoints.filter(isAdmin)).toHaveLength(6);
    const others = info.endpoints.filter((endpoint: { path: string }) => !isAdmin(endpoint));
    for (const { method, path, meaning } of others) {
      expect(meaning.length).toBeGreaterThan(10);
      const answer = await app.server.inject({
        method,
        url: path,
        ...(method === 'POST' ? { payload: '[]' } : {}),
      });
      expect(answer.statusCode, path).toBe(200);
    }
    expect(others.length).toBeGreaterThan(5);
  });

  it('names the destination', async () => {
    const app = buildApp({ destinations: ['http://b:8000/process'] });
    expect((await app.server.inject('/')).json()).toMatchObject({ destination: 'http://b:8000/process' });
    await app.close();
  });
});

describe('POST /process', () => {
  it('appends its own name to the array and answers with it when there is no destination', async () => {
    const app = buildApp({ name: 'c' });
    expect((await postChain(app, ['a', 'b'])).json()).toEqual(['a', 'b', 'c']);
    expect((await postChain(app, [])).json()).toEqual(['c']);
    expect((await postChain(app, [{ any: 'thing' }, 1])).json()).toEqual([{ any: 'thing' }, 1, 'c']);
  });

  it('takes an array for what it is, whatever the content type says', async () => {
    const app = buildApp();
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json; charset=utf-8',
    ]) {
      expect((await postChain(app, ['x'], { 'content-type': type })).json()).toEqual(['x', 'a']);
    }
  });

  it.each([
    ['an object', '{"a":1}'],
    ['a string', '"a"'],
    ['null', 'null'],
    ['no JSON', '[1,'],
    ['nothing', ''],
  ])('refuses %s with a problem that says so', async (_, payload) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await buildApp().server.inject({ method: 'POST', url: '/process', headers, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toEqual({
      type: 'urn:telemetry-app:problem:not-an-array',
      title: 'the request body is not a JSON array',
      status: 400,
      code: 'not-an-array',
      app: 'a',
    });
  });

  it('refuses what nests without end, which no answer could say again', async () => {
    const payload = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
    const answer = await buildApp().server.inject({ method: 'POST', url: '/process', payload });
    expect(answer.json()).toMatchObject({ status: 400, code: 'chain-too-deep' });
  });

  it('refuses no body at all, a body beyond the limit, and a chain that must be a loop', async () => {
    const app = buildApp();
    const bare = await app.server.inject({ method: 'POST', url: '/process' });
    expect(bare.json()).toMatchObject({ status: 400, code: 'not-an-array' });
    const large = await postChain(app, ['x'.repeat(1024 * 1024)]);
    expect([large.statusCode, large.json().code]).toEqual([413, 'body-too-large']);
    expect((await postChain(app, new Array(999).fill('a'))).statusCode).toBe(200);
    expect((await postChain(app, new Array(1000).fill('a'))).json()).toMatchObject({
      status: 400,
      code: 'chain-too-long',
    });
  });
});

describe('what is no endpoint', () => {
  it('is answered with a problem that names it', async () => {
    const app = buildApp();
    for (const [method, url] of [
      ['GET', '/nope'],
      ['DELETE', '/process'],
      ['GET', '/process'],
    ] as const) {
      const answer = await app.server.inject({ method, url });
      expect(answer.json()).toMatchObject({
        status: 404,
        code: 'not-found',
        app: 'a',
        detail: `there is no ${method} ${url}`,
      });
    }
  });
});

describe('what cannot be read', () => {
  const isBadRequest = { code: 'bad-request', app: 'a', type: 'urn:telemetry-app:problem:bad-request' };

  it.each([
    ['is no encoding', '/%zz'],
    ['is longer than any name', `/admin/faults/${'x'.repeat(300)}`],
  ])('as an address is a problem too: one that %s', async (_, url) => {
    const answer = await buildApp().server.inject({ method: 'DELETE', url });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-app-instance': 'a-1',
    });
    expect(answer.json()).toMatchObject({ ...isBadRequest, status: 400 });
  });

  it.each([
    ['no HTTP', 'hello?\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('at all is a problem too, and ends the connection: %s', async (_, sent, status) => {
    const app = buildApp();
    const address = new URL(await app.server.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(address.port), '127.0.0.1', () => socket.write(sent));
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ ...isBadRequest, status });
    await app.close();
  });
});

describe('injected errors', () => {
  it('answer with a problem that names the app and the chain it had reached', async () => {
    const app = buildApp({ name: 'b', errorPercent: 100 });
    const answer = await postChain(app, ['a']);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      type: 'urn:telemetry-app:problem:injected-error',
      title: 'this app failed on purpose (APP_ERRORS)',
      status: 500,
      code: 'injected-error',
      app: 'b',
      chain: ['a', 'b'],
    });
    expect((await app.server.inject('/')).json()).toMatchObject({ code: 'injected-error', chain: ['b'] });
  });

  it('hit the wanted share of requests, and the same ones for the same seed', async () => {
    const statuses = async (seed: number, requests: number) => {
      const app = buildApp({ errorPercent: 20, seed });
      const seen: number[] = [];
      for (let i = 0; i < requests; i++) {
        seen.push((await (i % 2 === 0 ? postChain(app, []) : app.server.inject('/'))).statusCode);
      }
      return seen;
    };
    const first = await statuses(11, 5000);
    const failed = first.filter((status) => status === 500).length;
    expect(first.filter((status) => status === 200).length + failed).toBe(5000);
    // Binomial: mean 1000, standard deviation 28; four of them on either side.
    expect(Math.abs(failed - 1000)).toBeLessThan(113);
    expect(await statuses(11, 200)).toEqual(first.slice(0, 200));
    expect(await statuses(12, 200)).not.toEqual(first.slice(0, 200));
  });

  it('never touch probes and metrics, nor do they wait', async () => {
    const waits: number[] = [];
    const app = buildApp({
      errorPercent: 100,
      maxLatencyMs: 1000,
      delay: async (ms) => void waits.push(ms),
    });
    for (const url of ['/healthz', '/readyz', '/metrics']) {
      for (let i = 0; i < 20; i++) expect((await app.server.inject(url)).statusCode).toBe(200);
    }
    expect(waits).toEqual([]);
  });
});

describe('latency', () => {
  it('is uniform from 0 to the maximum, for errors as for answers', async () => {
    const waits: number[] = [];
    const app = buildApp({
      maxLatencyMs: 80,
      errorPercent: 50,
      seed: 5,
      delay: async (ms) => void waits.push(ms),
    });
    for (let i = 0; i < 3000; i++) await (i % 2 === 0 ? postChain(app, []) : app.server.inject('/'));
    expect(waits).toHaveLength(3000);
    // Kolmogorov–Smirnov: 99.9 % of samples of 3,000 stay below 1.95/√3,000 = 0.0356.
    const distance = waits
      .toSorted((a, b) => a - b)
      .reduce((worst, ms, i) => Math.max(worst, Math.abs(ms / 80 - (i + 0.5) / waits.length)), 0);
    expect(distance).toBeLessThan(0.0356);
    expect(Math.max(...waits)).toBeLessThan(80);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  });

  it('does not decide which requests fail', async () => {
    const failures = async (maxLatencyMs: number) => {
      const app = buildApp({ maxLatencyMs, errorPercent: 30, seed: 2 });
      const seen: number[] = [];
      for (let i = 0; i < 100; i++) seen.push((await postChain(app, [])).statusCode);
      return seen;
    };
    expect(await failures(50)).toEqual(await failures(0));
  });

  it('is over before the answer is given', async () => {
    const asked = Promise.withResolvers<void>();
    const waited = Promise.withResolvers<void>();
    const app = buildApp({
      maxLatencyMs: 10,
      delay() {
        asked.resolve();
        return waited.promise;
      },
    });
    let isAnswered = false;
    const answer = postChain(app, []).then((response) => {
      isAnswered = true;
      return response.json();
    });
    await asked.promise;
    expect((await app.server.inject('/healthz')).statusCode).toBe(200);
    expect(isAnswered).toBe(false);
    waited.resolve();
    expect(await answer).toEqual(['a']);
  });
});

describe('draining', () => {
  it('makes the app not ready, but alive and at work, and sends clients elsewhere', async () => {
    const app = buildApp();
    expect((await app.server.inject('/readyz')).json()).toEqual({ status: 'ready' });
    expect((await postChain(app, [])).headers.connection).not.toBe('close');
    app.drain();
    const ready = await app.server.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'draining' }]);
    expect((await app.server.inject('/healthz')).statusCode).toBe(200);
    const worked = await postChain(app, []);
    expect([worked.statusCode, worked.headers.connection]).toEqual([200, 'close']);
  });
});
