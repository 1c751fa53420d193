import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { proxiesOf } from '../../../../src/history/http/proxies.ts';
import { createSources } from '../../../../src/history/profiles.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { oneSample, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface SeenByProxy {
  readonly method: string;
  readonly target: string;
  readonly authorization: string | undefined;
}

/** A proxy that leads every request to one port of this machine, whatever host is asked for. */
async function fakeProxy(toPort: number, refusal?: number) {
  const seen: SeenByProxy[] = [];
  const server: Server = createServer((message, response) => {
    const { method = '', url = '', headers } = message;
    seen.push({ method, target: url, authorization: headers['proxy-authorization'] });
    if (refusal !== undefined) {
      response.writeHead(refusal).end('the proxy says no');
      return;
    }
    const { pathname, search } = new URL(url);
    const onward = httpRequest(
      { port: toPort, host: '127.0.0.1', method, path: `${pathname}${search}`, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    message.pipe(onward);
  });
  server.on('connect', ({ method = '', url = '', headers }, socket) => {
    seen.push({ method, target: url, authorization: headers['proxy-authorization'] });
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
      return;
    }
    const onward = connect(toPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => end.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

async function fakePrometheus() {
  const api = await startFakeApi(oneSample);
  opened.push(() => api.close());
  return { api, port: Number(new URL(api.url).port) };
}

const now = { query: 'x', atSeconds: 1000 };
/** No name server knows it. */
const unknown = 'http://prometheus.corp.invalid:9090';

function source(settings: Parameters<typeof openPrometheus>[0], env: Readonly<Record<string, string>> = {}) {
  const made = openPrometheus(settings, { limits: { retries: 0 }, proxies: proxiesOf(env) });
  opened.push(() => made.close());
  return made;
}

describe('a source behind a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('is reached through the one that %s names', async (name) => {
    const { api, port } = await fakePrometheus();
    const proxy = await fakeProxy(port);
    expect(await source({ url: unknown }, { [name]: proxy.url }).instant(now)).toMatchObject({ value: 7 });
    expect(proxy.seen).toMatchObject([{ method: 'POST', target: `${unknown}/api/v1/query` }]);
    expect(api.requests[0]?.form.get('query')).toBe('x');
    expect(api.requests[0]?.headers.host).toBe('prometheus.corp.invalid:9090');
  });

  it('is reached through the one of its profile, whatever the environment says, with its credentials', async () => {
    const { port } = await fakePrometheus();
    const proxy = await fakeProxy(port);
    const proxyUrl = proxy.url.replace('http://', 'http://me:p%25%3Aw@');
    const sources = createSources({
      defaultUrl: undefined,
      profiles: [{ name: 'corp', url: unknown, proxyUrl }],
      allowedAddresses: [],
      proxies: { http: 'http://127.0.0.1:9', except: '*' },
    });
    opened.push(() => sources.close());
    const { source: granted } = sources.resolve({ namespace: 'shop' });
    expect(await granted.instant(now)).toMatchObject({ value: 7 });
    expect(proxy.seen[0]?.authorization).toBe(`Basic ${Buffer.from('me:p%:w').toString('base64')}`);
  });

  it('is asked for by a tunnel where it is https, and the certificate is judged', async () => {
    const { port } = await fakePrometheus();
    const proxy = await fakeProxy(port);
    const failure = source({ url: 'https://prometheus.corp.invalid' }, { HTTPS_PROXY: proxy.url }).instant(
      now,
    );
    await expect(failure).rejects.toThrow(/speaks no TLS/);
    expect(proxy.seen).toMatchObject([{ method: 'CONNECT', target: 'prometheus.corp.invalid:443' }]);
  });

  it.each([
    { HTTPS_PROXY: 'used' },
    { HTTP_PROXY: 'used', NO_PROXY: '*' },
    { HTTP_PROXY: 'used', NO_PROXY: 'example.com, .corp.invalid' },
    { HTTP_PROXY: 'used', no_proxy: 'prometheus.corp.invalid:9090' },
    { HTTP_PROXY: '' },
    {},
  ])('is reached directly where the environment says so: %j', async (given) => {
    const { port } = await fakePrometheus();
    const proxy = await fakeProxy(port);
    const env = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value === 'used' ? proxy.url : value]),
    );
    await expect(source({ url: unknown }, env).instant(now)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    expect(proxy.seen).toEqual([]);
  });

  it('is reached directly on this machine, which a proxy would take for its own', async () => {
    const { api } = await fakePrometheus();
    expect(await source({ url: api.url }, { HTTP_PROXY: 'http://127.0.0.1:9' }).instant(now)).toMatchObject({
      value: 7,
    });
  });

  it.each([
    ['http', 'HTTP_PROXY'],
    ['https', 'HTTPS_PROXY'],
  ])('has an error that names the proxy without its password: %s', async (scheme, name) => {
    const { port } = await fakePrometheus();
    for (const refusal of [407, 403]) {
      const proxy = await fakeProxy(port, refusal);
      const url = unknown.replace('http', scheme);
      const failure = source({ url }, { [name]: proxy.url.replace('http://', 'http://me:S3CRET@') }).instant(
        now,
      );
      await expect(failure).rejects.toThrow(new RegExp(String(refusal)));
      await expect(failure).rejects.not.toThrow(/S3CRET/);
    }
    const gone = source({ url: unknown.replace('http', scheme) }, { [name]: 'http://me:S3CRET@127.0.0.1:9' });
    await expect(gone.instant(now)).rejects.toThrow(/through the proxy http:\/\/127.0.0.1:9: ECONNREFUSED/);
  });

  it('is refused where the address of the proxy is none', () => {
    expect(() => source({ url: unknown }, { HTTP_PROXY: 'socks5://me:S3CRET@x' })).toThrowError(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(/^HTTP_PROXY: …@x/),
      }),
    );
    expect(() =>
      createSources({
        defaultUrl: undefined,
        profiles: [{ name: 'p', url: unknown, proxyUrl: 'me:S3CRET@x' }],
        allowedAddresses: [],
      }),
    ).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(/profiles\[0\].proxyUrl: …@x/) }),
    );
  });
});
