import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { callTreeType } from '../../../src/telemetry-app/chain/call-tree.ts';
import { buildApp, postChain, scrape } from './app-in-process.ts';
import * as fake from './fake-upstream.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function startHttp(listener: RequestListener): Promise<string> {
  const upstream = await fake.startHttp(listener);
  opened.push(upstream.stop);
  return upstream.url;
}

/** An app `a` in front of `destination`. */
function appBefore(destination: string, options: Partial<TelemetryAppOptions> = {}) {
  const app = buildApp({ name: 'a', destinations: [destination], ...options });
  opened.push(() => app.close());
  return app;
}

describe('an app with a destination', () => {
  it('passes the chain on with its own name and answers with what comes back', async () => {
    const seen: unknown[] = [];
    const destination = await startHttp(async (request, response) => {
      seen.push(request.method, request.url, JSON.parse(await text(request)));
      response.end('["x","a","b","c"]');
    });
    const app = appBefore(destination);
    expect((await postChain(app, ['x'])).json()).toEqual(['x', 'a', 'b', 'c']);
    expect(seen).toEqual(['POST', '/process', ['x', 'a']]);
    const samples = await scrape(app);
    const calls = `http_client_request_duration_seconds_count{destination="${destination}",status="200"}`;
    expect(samples.get(calls)).toBe(1);
    const ok = `app_upstream_requests_total{app="a",destination="${destination}",outcome="ok"}`;
    expect(samples.get(ok)).toBe(1);
  });

  it('passes on the W3C trace context and baggage as they came, and begins a trace where none came', async () => {
    const seen: Record<string, unknown>[] = [];
    const destination = await startHttp((request, response) => {
      const { traceparent, tracestate, baggage, authorization, cookie } = request.headers;
      seen.push({ traceparent, tracestate, baggage, authorization, cookie });
      response.end('[]');
    });
    const app = appBefore(destination);
    const trace = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'congo=t61rcWkgMzE',
      baggage: 'user=7',
    };
    await postChain(app, [], { ...trace, authorization: 'Bearer mine', cookie: 'session=1' });
    await postChain(app, []);
    const invalid = { traceparent: trace.traceparent.replace('00-', 'ff-'), tracestate: 'a=1' };
    await postChain(app, [], invalid);
    expect(seen[0]).toEqual({ ...trace, authorization: undefined, cookie: undefined });
    const isNew = expect.stringMatching(/^00-(?!4bf92f)[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(seen[1]).toMatchObject({ traceparent: isNew, tracestate: undefined, baggage: undefined });
    expect(seen[2]).toMatchObject({ traceparent: isNew, tracestate: undefined });
    expect(seen[1]?.['traceparent']).not.toBe(seen[2]?.['traceparent']);
  });

  it('does not call it for an injected error of its own', async () => {
    let calls = 0;
    const destination = await startHttp((_, response) => {
      calls++;
      response.end('[]');
    });
    expect((await postChain(appBefore(destination, { errorPercent: 100 }), [])).statusCode).toBe(500);
    expect(calls).toBe(0);
  });

  it('takes an array for a chain whatever its content type says', async () => {
    const destination = await startHttp((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('["a","b"]'),
    );
    expect((await postChain(appBefore(destination), [])).json()).toEqual(['a', 'b']);
  });

  it('opens no more connections than its pool has, however many requests wait', async () => {
    const waiting: (() => void)[] = [];
    const upstream = await fake.startHttp((_, response) => waiting.push(() => response.end('["a"]')));
    opened.push(upstream.stop);
    const app = appBefore(upstream.url, { timeoutMs: 60_000 });
    const answers = Array.from({ length: 300 }, () => postChain(app, []));
    await expect.poll(() => waiting.length).toBe(256);
    expect(upstream.connections()).toBe(256);
    const answered = Promise.all(answers);
    while ((await Promise.race([answered, Promise.resolve('waiting')])) === 'waiting') {
      for (const answer of waiting.splice(0)) answer();
      await new Promise(setImmediate);
    }
    expect((await answered).map(({ statusCode }) => statusCode)).toEqual(new Array(300).fill(200));
  });
});

describe('a destination that fails', () => {
  /** The answer of an app in front of the destination, and the outcome that its metrics count. */
  async function failure(destination: string, options: Partial<TelemetryAppOptions> = {}) {
    const app = appBefore(destination, options);
    const answer = await postChain(app, ['x']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = answer.json();
    expect(problem).toMatchObject({ status: answer.statusCode, app: 'a', chain: ['x', 'a'] });
    const { call, code, detail, upstream } = problem;
    expect(call).toMatchObject({
      name: 'a',
      instance: 'a-1',
      status: answer.statusCode,
      error: { code, detail },
    });
    expect(call.calls).toHaveLength(1);
    expect(call.calls[0]).toMatchObject({ url: destination });
    const counted = [...(await scrape(app)).keys()].flatMap((series) => {
      const outcome = /^app_upstream_requests_total\{.*outcome="(\w+)"\}$/.exec(series)?.[1];
      return outcome === undefined ? [] : [outcome];
    });
    return {
      status: answer.statusCode,
      code,
      detail: String(detail),
      upstream,
      callee: call.calls[0],
      counted,
    };
  }

  it('by being down is unreachable: 502', async () => {
    const destination = await startHttp(() => {});
    await opened.pop()?.();
    const { detail, callee, ...seen } = await failure(destination);
    expect(seen).toMatchObject({ status: 502, code: 'upstream-unreachable', counted: ['unreachable'] });
    expect(detail).toContain('ECONNREFUSED');
    expect(callee).toMatchObject({
      name: new URL(destination).host,
      status: null,
      error: { code: 'upstream-unreachable', detail },
      calls: [],
    });
  });

  it('by having no address is unreachable: 502', async () => {
    // The host is longer than a name may be, so that it is refused without DNS, whose answer may be slow.
    const host = `${'a'.repeat(64)}.invalid`;
    const destination = `http://${host}/process`;
    expect(await failure(destination)).toMatchObject({
      status: 502,
      code: 'upstream-unreachable',
      callee: { name: host, status: null },
    });
  });

  it('by not answering at all times out: 504', async () => {
    const destination = await startHttp(() => {});
    const { callee, ...seen } = await failure(destination, { timeoutMs: 100 });
    expect(seen).toMatchObject({
      status: 504,
      code: 'upstream-timeout',
      detail: `${destination} did not answer within 100 ms`,
      counted: ['timeout'],
    });
    expect(callee).toMatchObject({ status: null, error: { code: 'upstream-timeout' } });
    expect(callee.durationMs).toBeGreaterThan(90);
  });

  it('by accepting connections and saying nothing times out: 504', async () => {
    const upstream = await fake.startTcp(() => {});
    opened.push(upstream.stop);
    expect(await failure(upstream.url, { timeoutMs: 100 })).toMatchObject({
      status: 504,
      counted: ['timeout'],
    });
  });

  it('by answering a byte at a time times out as a whole: 504', async () => {
    const destination = await startHttp((_, response) => {
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    });
    expect(await failure(destination, { timeoutMs: 150 })).toMatchObject({
      status: 504,
      code: 'upstream-timeout',
    });
  });

  it('by resetting the connection in the middle of its answer is unreachable: 502', async () => {
    const upstream = await fake.startTcp((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n["a"', () => socket.resetAndDestroy()),
      );
    });
    opened.push(upstream.stop);
    expect(await failure(upstream.url)).toMatchObject({
      status: 502,
      code: 'upstream-unreachable',
      callee: { status: null },
      counted: ['unreachable'],
    });
  });

  it('by closing the connection before its answer is whole is unreachable: 502', async () => {
    const destination = await startHttp((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('["a"', () => response.destroy());
    });
    expect(await failure(destination)).toMatchObject({ status: 502, code: 'upstream-unreachable' });
  });

  it.each([
    ['HTML', 'text/html', '<html>hello</html>'],
    ['an object', 'application/json', '{"chain":[]}'],
    ['nothing', 'application/json', ''],
    ['broken JSON', 'application/json', '["a",'],
    ['a tree without a chain', callTreeType, '{"call":{}}'],
    ['a chain that nests without end', 'application/json', `${'['.repeat(300_000)}${']'.repeat(300_000)}`],
  ])('by answering %s is nonsense: 502', async (_, type, body) => {
    const destination = await startHttp((_, response) =>
      response.writeHead(200, { 'content-type': type }).end(body),
    );
    const { detail, ...seen } = await failure(destination);
    expect(seen).toMatchObject({
      status: 502,
      code: 'upstream-nonsense',
      callee: { status: 200, error: { code: 'upstream-nonsense' } },
      counted: ['nonsense'],
    });
    expect(detail).toContain(destination);
    expect(detail.length).toBeLessThan(300);
  });

  it('by answering with a tree that makes no sense contributes its chain, not its tree', async () => {
    const answer = JSON.stringify({ chain: ['a', 'b'], call: { name: 'b', durationMs: -1 } });
    const destination = await startHttp((_, response) =>
      response.writeHead(200, { 'content-type': callTreeType }).end(answer),
    );
    const tree = (await appBefore(destination).server.inject('/calls')).json();
    expect(tree).toMatchObject({
      chain: ['a', 'b'],
      call: { calls: [{ url: destination, status: 200, calls: [] }] },
    });
  });

  it('by answering without end is nonsense: 502', async () => {
    const destination = await startHttp((_, response) => {
      response.write('[');
      const flooding = setInterval(() => response.write(`"${'x'.repeat(200_000)}",`), 1);
      response.on('close', () => clearInterval(flooding));
    });
    expect(await failure(destination)).toMatchObject({ status: 502, code: 'upstream-nonsense' });
  });

  it('by announcing more than the limit is nonsense: 502', async () => {
    const huge = JSON.stringify(new Array(200_000).fill('name'));
    expect(huge.length).toBeGreaterThan(1024 * 1024);
    const destination = await startHttp((_, response) =>
      response.writeHead(200, { 'content-length': huge.length }).end(huge),
    );
    const { detail, ...seen } = await failure(destination);
    expect(seen).toMatchObject({ status: 502, code: 'upstream-nonsense' });
    expect(detail).toBe(`${destination} answered with more than 1048576 bytes`);
  });

  it('by not speaking HTTP is nonsense: 502', async () => {
    const upstream = await fake.startTcp((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    opened.push(upstream.stop);
    expect(await failure(upstream.url)).toMatchObject({ status: 502, code: 'upstream-nonsense' });
  });

  it.each([
    ['headers without end', `x: ${'y'.repeat(30_000)}\r\ncontent-length: 2\r\n\r\n[]`],
    ['a body longer than it said', 'content-length: 2\r\ncontent-length: 3\r\n\r\n[]x'],
    ['chunks that are none', 'transfer-encoding: chunked\r\n\r\nzz\r\n'],
  ])('by answering with %s is nonsense: 502', async (_, rest) => {
    const upstream = await fake.startTcp((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    });
    opened.push(upstream.stop);
    expect(await failure(upstream.url)).toMatchObject({
      status: 502,
      code: 'upstream-nonsense',
      callee: { status: null },
      counted: ['nonsense'],
    });
  });

  it('by redirecting is nonsense, and is not followed: 502', async () => {
    let asked = 0;
    const destination = await startHttp((_, response) => {
      asked++;
      response.writeHead(302, { location: '/process' }).end();
    });
    expect(await failure(destination)).toMatchObject({
      status: 502,
      code: 'upstream-nonsense',
      callee: { status: 302 },
    });
    expect(asked).toBe(1);
  });

  it('with a problem of its own is quoted, so that the true culprit is seen: 502', async () => {
    const problem = {
      status: 500,
      code: 'injected-error',
      title: 'on purpose',
      app: 'b',
      chain: ['x', 'a', 'b'],
    };
    const destination = await startHttp((_, response) =>
      response.writeHead(500, { 'x-app-instance': 'b-7' }).end(JSON.stringify(problem)),
    );
    expect(await failure(destination)).toMatchObject({
      status: 502,
      code: 'upstream-failed',
      upstream: problem,
      callee: {
        name: 'b',
        instance: 'b-7',
        status: 500,
        error: { code: 'injected-error', detail: 'on purpose' },
      },
      counted: ['failed'],
    });
  });

  it.each([503, 429, 404, 400])('with an error page of status %d is not quoted: 502', async (status) => {
    const destination = await startHttp((_, response) => response.writeHead(status).end('<html>busy</html>'));
    const { detail, upstream, ...seen } = await failure(destination);
    expect(seen).toMatchObject({
      status: 502,
      code: 'upstream-failed',
      callee: { status },
      counted: ['failed'],
    });
    expect(upstream).toBeUndefined();
    expect(detail).toBe(`${destination} answered with status ${status}`);
  });

  it('with a problem that quotes itself without end is not quoted', async () => {
    const deep = `${'{"upstream":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const destination = await startHttp((_, response) => response.writeHead(502).end(deep));
    const { upstream, ...seen } = await failure(destination);
    expect(seen).toMatchObject({ status: 502, code: 'upstream-failed' });
    expect(upstream).toBeUndefined();
  });
});

describe("two apps that are each other's destination", () => {
  /** Timeout that is long enough for two hundred hops on a busy machine, so that the budget of calls ends the loop. */
  const timeoutMs = 60_000;

  async function startLoop(destinationsOf: (self: string, other: string) => string[]) {
    const requests = { count: 0 };
    const ports = [await freePort(), await freePort()];
    const [first = '', second = ''] = ports.map((port) => `http://127.0.0.1:${port}/process`);
    const apps = [
      buildApp({ name: 'a', destinations: destinationsOf(first, second), timeoutMs }),
      buildApp({ name: 'b', destinations: destinationsOf(second, first), timeoutMs }),
    ];
    for (const [i, app] of apps.entries()) {
      app.server.addHook('onRequest', async () => {
        requests.count++;
      });
      await app.server.listen({ host: '127.0.0.1', port: ports[i] ?? 0 });
      opened.push(() => app.close());
    }
    return { app: apps[0] as (typeof apps)[number], requests };
  }

  async function freePort(): Promise<number> {
    const probe = await fake.startTcp(() => {});
    await probe.stop();
    return Number(new URL(probe.url).port);
  }

  it('end in an error after two hundred calls', async () => {
    const { app, requests } = await startLoop((_, other) => [other]);
    const answer = await postChain(app, []);
    expect(answer.statusCode).toBe(502);
    expect(requests.count).toBe(201);
    const depthOf = (call: { calls: readonly never[] }): number =>
      1 + Math.max(0, ...call.calls.map(depthOf));
    expect(depthOf(answer.json().call)).toBe(201);
    expect(answer.body).toContain('"code":"too-many-calls"');
    expect(answer.body.length).toBeLessThan(1024 * 1024);
  });

  it('end so too when both call both', async () => {
    const { app, requests } = await startLoop((self, other) => [self, other]);
    expect((await postChain(app, [])).statusCode).toBe(502);
    expect(requests.count).toBeLessThanOrEqual(201);
    expect(requests.count).toBeGreaterThan(5);
  });

  it('end so too where something in between strips their headers', async () => {
    const { app } = await startLoop((_, other) => [other]);
    const answer = await postChain(app, new Array(999).fill('x'));
    expect(answer.json()).toMatchObject({
      code: 'upstream-failed',
      upstream: { code: 'chain-too-long', app: 'b' },
    });
  });
});
