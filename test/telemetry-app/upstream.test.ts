import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../src/telemetry-app/app.ts';
import { buildApp, postChain, scrape } from './app-in-process.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function listen(server: Server, endConnections: () => void): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(() => {
    endConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/process`;
}

function startHttp(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  return listen(server, () => server.closeAllConnections());
}

/** An app `a` in front of `destination`. */
function appBefore(destination: string, options: Partial<TelemetryAppOptions> = {}) {
  const app = buildApp({ name: 'a', destination, ...options });
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
    const calls = `http_client_request_duration_seconds_count{destination="${destination}",status="200"}`;
    expect((await scrape(app)).get(calls)).toBe(1);
  });

  it('passes on the W3C trace context as it came, and makes none up', async () => {
    const seen: unknown[] = [];
    const destination = await startHttp((request, response) => {
      const { traceparent, tracestate, authorization } = request.headers;
      seen.push({ traceparent, tracestate, authorization });
      response.end('[]');
    });
    const app = appBefore(destination);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await postChain(app, [], { traceparent, tracestate: 'congo=t61rcWkgMzE', authorization: 'Bearer mine' });
    await postChain(app, []);
    expect(seen).toEqual([{ traceparent, tracestate: 'congo=t61rcWkgMzE', authorization: undefined }, {}]);
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
});

describe('a destination that fails', () => {
  async function failure(destination: string, options: Partial<TelemetryAppOptions> = {}) {
    const app = appBefore(destination, options);
    const answer = await postChain(app, ['x']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 502, app: 'a', chain: ['x', 'a'] });
    expect(answer.statusCode).toBe(502);
    const status = answer.json().code.replace('upstream-', '');
    const series = [...(await scrape(app)).keys()].filter((name) =>
      name.startsWith('http_client_request_duration_seconds_count'),
    );
    return {
      code: answer.json().code,
      detail: String(answer.json().detail),
      upstream: answer.json().upstream,
      status,
      series,
    };
  }

  it('by being down is unreachable', async () => {
    const destination = await startHttp(() => {});
    await opened.pop()?.();
    const { code, detail, series } = await failure(destination);
    expect(code).toBe('upstream-unreachable');
    expect(detail).toContain('ECONNREFUSED');
    expect(series).toEqual([expect.stringContaining('status="unreachable"')]);
  });

  it('by not answering at all times out', async () => {
    const destination = await startHttp(() => {});
    const { code, detail, series } = await failure(destination, { timeoutMs: 100 });
    expect(code).toBe('upstream-timeout');
    expect(detail).toBe(`${destination} did not answer within 100 ms`);
    expect(series).toEqual([expect.stringContaining('status="timeout"')]);
  });

  it('by answering a byte at a time times out as a whole', async () => {
    const destination = await startHttp((_, response) => {
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    });
    expect(await failure(destination, { timeoutMs: 150 })).toMatchObject({ code: 'upstream-timeout' });
  });

  it('by breaking off its answer is unreachable', async () => {
    const destination = await startHttp((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('["a"', () => response.destroy());
    });
    expect(await failure(destination)).toMatchObject({ code: 'upstream-unreachable' });
  });

  it.each([
    ['HTML', '<html>hello</html>'],
    ['an object', '{"chain":[]}'],
    ['nothing', ''],
    ['broken JSON', '["a",'],
  ])('by answering %s is nonsense', async (_, body) => {
    const destination = await startHttp((_, response) => response.end(body));
    const { code, detail } = await failure(destination);
    expect(code).toBe('upstream-nonsense');
    expect(detail).toContain(destination);
  });

  it('by answering without end is nonsense', async () => {
    const destination = await startHttp((_, response) => {
      response.write('[');
      const flooding = setInterval(() => response.write(`"${'x'.repeat(200_000)}",`), 1);
      response.on('close', () => clearInterval(flooding));
    });
    expect(await failure(destination)).toMatchObject({ code: 'upstream-nonsense' });
  });

  it('by not speaking HTTP is nonsense', async () => {
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    const destination = await listen(server, () => {
      for (const socket of sockets) socket.destroy();
    });
    expect(await failure(destination)).toMatchObject({ code: 'upstream-nonsense' });
  });

  it('by redirecting is nonsense', async () => {
    const destination = await startHttp((_, response) => response.writeHead(302, { location: '/' }).end());
    expect(await failure(destination)).toMatchObject({ code: 'upstream-nonsense' });
  });

  it('with a problem of its own is quoted, so that the true culprit is seen', async () => {
    const problem = { status: 500, code: 'injected-error', app: 'b', chain: ['x', 'a', 'b'] };
    const destination = await startHttp((_, response) =>
      response.writeHead(500).end(JSON.stringify(problem)),
    );
    expect(await failure(destination)).toMatchObject({ code: 'upstream-failed', upstream: problem });
  });

  it('with an error page is not quoted', async () => {
    const destination = await startHttp((_, response) => response.writeHead(503).end('<html>busy</html>'));
    const { code, upstream, detail } = await failure(destination);
    expect({ code, upstream }).toEqual({ code: 'upstream-failed', upstream: undefined });
    expect(detail).toBe(`${destination} answered with status 503`);
  });
});

describe("two apps that are each other's destination", () => {
  it('end in an error instead of calling each other for ever', async () => {
    const app = buildApp({ name: 'loop' });
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    opened.push(() => app.close());
    const { port } = app.server.server.address() as AddressInfo;
    const back = appBefore(`http://127.0.0.1:${port}/process`, { name: 'a' });
    expect((await postChain(back, new Array(999).fill('x'))).json()).toMatchObject({
      code: 'upstream-failed',
      upstream: { code: 'chain-too-long', app: 'loop' },
    });
  });
});
