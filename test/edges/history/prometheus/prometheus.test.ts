import { getEventListeners, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SourceLimits } from '../../../../src/history/http/limits.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { OpenSource } from '../../../../src/history/source.ts';
import { type Answer, everyPoint, type FakeApi, json, oneSample, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function fakeApi(answer: Answer): Promise<FakeApi> {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  return api;
}

type Settings = Parameters<typeof openPrometheus>[0];

/** Opens a Prometheus source that records the waits between attempts and does not wait. */
function history(
  settings: Settings,
  limits: Partial<SourceLimits> = {},
): OpenSource & { readonly waitsMs: readonly number[] } {
  const waitsMs: number[] = [];
  const source = openPrometheus(settings, { limits, delay: async (ms) => void waitsMs.push(ms) });
  opened.push(() => source.close());
  return { ...source, waitsMs };
}

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
  opened.push(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'secret'), content);
  return join(folder, 'secret');
}

const hour = { query: 'sum(x)', startSeconds: 0, endSeconds: 3600, stepSeconds: 60 };
const now = { query: 'sum(x)', atSeconds: 1000 };

it('holds nothing of a request after its answer', async () => {
  const api = await fakeApi(oneSample);
  const source = history({ url: api.url });
  const caller = new AbortController();
  await source.instant({ ...now, signal: caller.signal });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await Promise.all(Array.from({ length: 20 }, () => source.instant({ ...now, signal: caller.signal })));
  expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  expect(timers()).toBeLessThanOrEqual(before);
});

describe('range requests', () => {
  it('are POST forms below 11,000 points that together have every point once', async () => {
    const api = await fakeApi(everyPoint);
    const endSeconds = 28 * 86_400;
    const read = await history({ url: api.url }).range({ ...hour, endSeconds });
    expect(Array.from(read.timestamps)).toEqual(
      Array.from({ length: endSeconds / 60 + 1 }, (_, i) => i * 60),
    );
    expect(api.requests.length).toBeGreaterThan(1);
    for (const { method, url, form, headers } of api.requests) {
      expect([method, url]).toEqual(['POST', '/api/v1/query_range']);
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
      const points = (Number(form.get('end')) - Number(form.get('start'))) / 60 + 1;
      expect(points).toBeLessThan(11_000);
    }
  });

  it('are at most two at a time', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    const api = await fakeApi((request, response, count) => {
      held.push(() => everyPoint(request, response, count));
      most = Math.max(most, held.length);
      if (held.length < 2 && count < 7) return;
      setImmediate(() => {
        for (const answer of held.splice(0)) answer();
      });
    });
    await history({ url: api.url }, { pointsPerRequest: 10 }).range(hour);
    expect(api.requests).toHaveLength(7);
    expect(most).toBe(2);
  });

  it('have both ends aligned down to the step, and keep the path of the address', async () => {
    const api = await fakeApi(everyPoint);
    await history({ url: `${api.url}/select/0/prometheus/` }).range({
      ...hour,
      startSeconds: 119,
      endSeconds: 359,
    });
    const [request] = api.requests;
    expect(request?.url).toBe('/select/0/prometheus/api/v1/query_range');
    expect(request?.form.get('start')).toBe('60');
    expect(request?.form.get('end')).toBe('300');
  });

  it('are refused before they are sent when they would have too many points', async () => {
    const source = history({ url: 'http://127.0.0.1:9' });
    await expect(source.range({ ...hour, endSeconds: 1e9, stepSeconds: 1 })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('longer step'),
    });
  });

  it('leave out NaN and infinities, and pass warnings and infos on once', async () => {
    const api = await fakeApi((_, response) =>
      json(response, {
        status: 'success',
        warnings: ['slow store'],
        infos: ['might not be a counter'],
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: {},
              values: [
                [0, '0'],
                [60, 'NaN'],
                [120, '+Inf'],
                [180, '-Inf'],
                [240, '2.5'],
              ],
            },
          ],
        },
      }),
    );
    const read = await history({ url: api.url }).range(hour);
    expect([...read.timestamps]).toEqual([0, 240]);
    expect([...read.values]).toEqual([0, 2.5]);
    expect(read.warnings).toEqual(['slow store', 'might not be a counter']);
  });

  const samples =
    (values: unknown): Answer =>
    (_, response) =>
      json(response, { status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } });

  it('leave out rows nobody asked for, such as one of the far future', async () => {
    const api = await fakeApi(
      samples([
        [-60, '1'],
        [0, '2'],
        [60, '3'],
        [4_000_000_000, '4'],
      ]),
    );
    expect(Array.from((await history({ url: api.url }).range(hour)).timestamps)).toEqual([0, 60]);
  });

  it.each([
    [
      'out of order',
      [
        [60, '1'],
        [0, '2'],
      ],
    ],
    [
      'twice the same time',
      [
        [60, '1'],
        [60, '2'],
      ],
    ],
    ['without a time', [[null, '1']]],
    ['no pairs', [7, null]],
    ['no list', 'x'],
  ])('are refused where the samples are %s', async (_, values) => {
    const api = await fakeApi(samples(values));
    await expect(history({ url: api.url }).range(hour)).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it('are refused when parts of the range have different series', async () => {
    const api = await fakeApi(({ form }, response) =>
      json(response, {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { pod: `started-${form.get('start')}` },
              values: [[Number(form.get('start')), '1']],
            },
          ],
        },
      }),
    );
    const source = history({ url: api.url }, { pointsPerRequest: 40 });
    await expect(source.range(hour)).rejects.toMatchObject({
      code: 'several-series',
      message: expect.stringMatching(/2 series .*started-0.*started-2400.*sum\(\)/),
    });
  });
});

describe('answers that are no Prometheus answer', () => {
  const html: Answer = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Log in</h1></html>');

  it.each<[string, Answer, object]>([
    [
      'HTML',
      html,
      { code: 'source-nonsense', message: expect.stringMatching(/text\/html.*<h1>Log in.*\/api\/v1/) },
    ],
    [
      'broken JSON',
      (_, response) => response.end('{"status":'),
      { code: 'source-nonsense', message: expect.stringContaining('{"status":') },
    ],
    [
      'JSON of another shape',
      (_, response) => json(response, { hello: 'world' }),
      { code: 'source-nonsense', message: expect.stringContaining('hello') },
    ],
    [
      'a page that is not there',
      (_, response) => response.writeHead(404).end('404 page not found'),
      { code: 'source-nonsense', message: expect.stringContaining('404 page not found') },
    ],
    [
      'a refusal',
      (_, response) => json(response, { status: 'error', errorType: 'bad_data', error: 'parse error' }, 400),
      { code: 'source-rejected', message: expect.stringContaining('bad_data: parse error') },
    ],
    [
      'wrong credentials',
      (_, response) => response.writeHead(401).end('no'),
      { code: 'source-rejected', message: expect.stringContaining('credentials') },
    ],
    [
      'a range vector',
      (_, response) =>
        json(response, {
          status: 'success',
          data: { resultType: 'matrix', result: [{ metric: {}, values: [[0, '1']] }] },
        }),
      { code: 'source-rejected', message: expect.stringContaining('rate()') },
    ],
    [
      'a histogram',
      (_, response) =>
        json(response, {
          status: 'success',
          data: { resultType: 'vector', result: [{ metric: {}, histogram: [0, {}] }] },
        }),
      { code: 'source-rejected', message: expect.stringContaining('histogram_count()') },
    ],
    [
      'a text',
      (_, response) =>
        json(response, { status: 'success', data: { resultType: 'string', result: [0, 'x'] } }),
      { code: 'source-rejected', message: expect.stringContaining('text') },
    ],
  ])(
    '%s: has an error of its own, with the address or the remedy, and is not tried again',
    async (_, answer, expected) => {
      const api = await fakeApi(answer);
      await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject(expected);
      expect(api.requests).toHaveLength(1);
    },
  );

  it('a redirect is reported, not followed', async () => {
    const elsewhere = await fakeApi(oneSample);
    const api = await fakeApi((_, response) =>
      response.writeHead(302, { location: `${elsewhere.url}/login?token=abc` }).end(),
    );
    const failure = history({ url: api.url }).instant(now);
    await expect(failure).rejects.toMatchObject({
      code: 'source-nonsense',
      message: expect.stringContaining(`${elsewhere.url}/login`),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('abc') });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it.each([
    '//user:S3CRET@evil/login',
    'http://user:S3CRET@evil/login',
    'http://user:S3CRET/@evil:x',
    'http://user:12/S3CRET@evil',
    '/a?token=S3CRET',
  ])('a redirect to %s is reported without what may be secret', async (location) => {
    const api = await fakeApi((_, response) => response.writeHead(302, { location }).end());
    const message = await history({ url: api.url })
      .instant(now)
      .catch(({ message }: Error) => message);
    expect(message).toContain('redirects (302)');
    expect(message).not.toContain('S3CRET');
  });

  it('an answer beyond the limit is not read to its end', async () => {
    const api = await fakeApi((_, response) => {
      const chunk = Buffer.alloc(256 * 1024, ' ');
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('1 MiB'),
    });
  });

  it('a server without HTTP is reported as such', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.push(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await expect(history({ url: `http://127.0.0.1:${port}` }).instant(now)).rejects.toMatchObject({
      code: 'source-nonsense',
      message: expect.stringContaining('does not speak HTTP'),
    });
  });

  it('several series are counted and three of them named, whatever their labels hold', async () => {
    const result = [1, 2, 3, 4].map((n) => ({
      metric: { __name__: 'x', n: String(n), path: '/{"metric":{}"\\' },
      value: [1, '1'],
    }));
    const api = await fakeApi((_, response) =>
      json(response, { status: 'success', data: { resultType: 'vector', result } }),
    );
    const failure = history({ url: api.url }).instant(now);
    await expect(failure).rejects.toMatchObject({
      code: 'several-series',
      message: expect.stringMatching(/4 series \(x\{n="1".*n="2".*n="3".*, …\).*sum\(\) or max\(\)/),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('n="4"') });
  });

  it.each([
    ['prometheus_replica', 'a', /differ in prometheus_replica alone.*dedup=true.*max\(\), for sum\(\) would/],
    ['__replica__', 'a', /differ in __replica__ alone/],
    ['replica', 'a', /differ in replica alone/],
    ['pod', 'a', /wrap it in sum\(\) or max\(\)$/],
    ['prometheus_replica', 'b', /wrap it in sum\(\) or max\(\)$/],
  ])(
    'copies by two servers of a pair (%s, pod %s) get a remedy that counts none twice',
    async (label, pod, remedy) => {
      const api = await fakeApi((_request, response) =>
        json(response, {
          status: 'success',
          data: {
            resultType: 'vector',
            result: [
              { metric: { pod: 'a', [label]: '0' }, value: [1, '1'] },
              { metric: { pod, [label]: '1' }, value: [1, '1'] },
            ],
          },
        }),
      );
      const error = await history({ url: api.url })
        .instant(now)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'several-series', message: expect.stringMatching(remedy) });
    },
  );

  it('several series are found in JSON with spaces, too', async () => {
    const result = [{ metric: { a: '1' } }, { metric: { a: '2' } }];
    const api = await fakeApi((_, response) =>
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }, null, 2)),
    );
    await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject({ code: 'several-series' });
  });
});

describe('failures that may pass', () => {
  it.each([500, 502, 503])('a %i is tried again, waiting twice as long each time', async (status) => {
    const api = await fakeApi((request, response, count) => {
      if (count <= 2) response.writeHead(status).end('busy');
      else oneSample(request, response, count);
    });
    const source = history({ url: api.url });
    expect(await source.instant(now)).toEqual({ kind: 'value', value: 7, atSeconds: 1000 });
    expect(source.waitsMs).toEqual([200, 400]);
  });

  it.each([
    [429, undefined, 0],
    [429, '60', 60],
    [503, '7', 7],
    [503, '86400', 300],
    [503, '0', 0],
    [502, 'Sat, 01 Jan 2000 00:01:30 GMT', 90],
    [503, 'Fri, 31 Dec 1999 00:00:00 GMT', 0],
  ])('a %i with Retry-After %s is left alone, and says for how long', async (status, retryAfter, seconds) => {
    const api = await fakeApi((_, response) => {
      const headers = { date: 'Sat, 01 Jan 2000 00:00:00 GMT' };
      response.sendDate = false;
      response
        .writeHead(status, retryAfter === undefined ? headers : { ...headers, 'retry-after': retryAfter })
        .end('busy');
    });
    const source = history({ url: api.url });
    const failure = { code: 'source-unreachable', retryAfterSeconds: seconds };
    await expect(source.instant(now)).rejects.toMatchObject(failure);
    expect(api.requests).toHaveLength(1);
    await expect(source.range(hour)).rejects.toMatchObject(failure);
    expect(api.requests).toHaveLength(2);
  });

  it.each(['soon', '-5', '1.5', '12 monkeys', ''])(
    'a 503 whose Retry-After is "%s" is tried again at once',
    async (retryAfter) => {
      const api = await fakeApi((_, response) =>
        response.writeHead(503, { 'retry-after': retryAfter }).end('busy'),
      );
      await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject({
        retryAfterSeconds: undefined,
      });
      expect(api.requests).toHaveLength(4);
    },
  );

  it('a 429 in the words of the API is left alone, too, and so is a timeout that says until when', async () => {
    const answers = [
      [429, 'too_many_requests'],
      [503, 'timeout'],
    ] as const;
    for (const [status, errorType] of answers) {
      const api = await fakeApi((_, response) => {
        response.setHeader('retry-after', '30');
        json(response, { status: 'error', errorType, error: 'x' }, status);
      });
      await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject({ retryAfterSeconds: 30 });
      expect(api.requests).toHaveLength(1);
    }
  });

  it('attempts are bounded, and the error quotes the last answer of the source', async () => {
    const api = await fakeApi((_, response) =>
      json(response, { status: 'error', errorType: 'internal', error: 'disk full' }, 500),
    );
    await expect(history({ url: api.url }).instant(now)).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringContaining('disk full'),
    });
    expect(api.requests).toHaveLength(4);
  });

  it('a query that timed out at the source is a timeout', async () => {
    const api = await fakeApi((_, response) =>
      json(response, { status: 'error', errorType: 'timeout', error: 'query timed out' }, 503),
    );
    await expect(history({ url: api.url }, { retries: 0 }).instant(now)).rejects.toMatchObject({
      code: 'source-timeout',
    });
  });

  it('a source that is down is named, credentials are not', async () => {
    const api = await startFakeApi(oneSample);
    await api.close();
    const url = api.url.replace('http://', 'http://reader:s3cret@');
    const failure = history({ url }).instant(now);
    await expect(failure).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringContaining(`${api.url}: ECONNREFUSED`),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringMatching(/s3cret|reader/) });
  });

  it('a source that hangs is given up after the time of one request', async () => {
    const api = await fakeApi(() => undefined);
    const source = history({ url: api.url }, { instantRequestTimeoutMs: 30, retries: 1 });
    await expect(source.instant(now)).rejects.toMatchObject({
      code: 'source-timeout',
      message: expect.stringContaining('0.03 s'),
    });
    expect(api.requests).toHaveLength(2);
  });

  it('all attempts together are bounded, too', async () => {
    const api = await fakeApi(() => undefined);
    const source = history({ url: api.url }, { rangeRequestTimeoutMs: 60_000, rangeTimeoutMs: 40 });
    await expect(source.range(hour)).rejects.toMatchObject({
      code: 'source-timeout',
      message: expect.stringContaining('all attempts'),
    });
  });

  it('a caller that aborts gets its own reason back at once', async () => {
    const api = await fakeApi(() => undefined);
    const abort = new AbortController();
    const failure = history({ url: api.url }).range({ ...hour, signal: abort.signal });
    const reason = new Error('forgotten');
    abort.abort(reason);
    await expect(failure).rejects.toBe(reason);
  });

  it('instant queries do not wait for slow ranges', async () => {
    const api = await fakeApi((request, response, count) => {
      if (request.url.endsWith('query')) oneSample(request, response, count);
    });
    const source = history({ url: api.url });
    const abort = new AbortController();
    const slow = Array.from({ length: 50 }, () => source.range({ ...hour, signal: abort.signal }));
    expect(await source.instant(now)).toMatchObject({ value: 7 });
    abort.abort(new Error('enough'));
    const outcomes = await Promise.allSettled(slow);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('what is sent along', () => {
  async function seen(options: Omit<Settings, 'url'>) {
    const api = await fakeApi(oneSample);
    await history({ url: api.url, ...options }).instant(now);
    return api.requests[0];
  }

  it('a bearer token, read again when its file changes', async () => {
    const api = await fakeApi(oneSample);
    const bearerTokenFile = file('first\n');
    const source = history({ url: api.url, bearerTokenFile });
    await source.instant(now);
    writeFileSync(bearerTokenFile, 'the second\n');
    await source.instant(now);
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer the second',
    ]);
  });

  it('basic credentials, from a file or from the URL', async () => {
    const expected = `Basic ${Buffer.from('reader:p:ss').toString('base64')}`;
    const request = await seen({ basicAuth: { username: 'reader', passwordFile: file('p:ss') } });
    expect(request?.headers.authorization).toBe(expected);
    const api = await fakeApi(oneSample);
    const source = history({ url: api.url.replace('http://', 'http://reader:p%3Ass@') });
    await source.instant(now);
    expect(api.requests[0]?.headers.authorization).toBe(expected);
    expect(source.address).toBe(api.url);
  });

  it('a tenant and headers', async () => {
    const request = await seen({ tenant: 'team-a', headers: { 'X-Extra': 'yes' } });
    expect(request?.headers).toMatchObject({ 'x-scope-orgid': 'team-a', 'x-extra': 'yes' });
  });

  it("one caller's headers, parameters and time, without another seeing them", async () => {
    const api = await fakeApi(oneSample);
    const source = history({ url: api.url, tenant: 'team-a' });
    const extras = { headers: { 'X-Scope-OrgID': 'b' }, parameters: { namespace: 'shop' }, timeoutMs: 1500 };
    await source.with(extras).instant(now);
    await source.instant(now);
    const [first, second] = api.requests;
    expect(first?.url).toBe('/api/v1/query?namespace=shop');
    expect(first?.headers['x-scope-orgid']).toBe('b');
    expect(first?.form.get('timeout')).toBe('1500ms');
    expect(second?.url).toBe('/api/v1/query');
    expect(second?.headers['x-scope-orgid']).toBe('team-a');
  });

  it("one caller's time to observed values alone, because a history takes longer", async () => {
    const api = await fakeApi((request, response, count) => {
      setTimeout(() => everyPoint(request, response, count), 60);
    });
    const source = history({ url: api.url }, { retries: 0 }).with({ timeoutMs: 20 });
    expect((await source.range(hour)).timestamps).toHaveLength(61);
    expect(api.requests[0]?.form.get('timeout')).toBe('30000ms');
    await expect(source.instant(now)).rejects.toMatchObject({ code: 'source-timeout' });
  });

  it('nothing, with an error naming the setting, when a secret cannot be read', async () => {
    const api = await fakeApi(oneSample);
    const source = history({ url: api.url, bearerTokenFile: '/nowhere/token' });
    await expect(source.instant(now)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(/bearerTokenFile.*\/nowhere\/token.*ENOENT/),
    });
    const broken = history({ url: api.url, bearerTokenFile: file('two\nlines') });
    const failure = broken.instant(now);
    await expect(failure).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('authorization'),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('lines') });
    expect(api.requests).toHaveLength(0);
  });
});

it.each(['prometheus:9090', 'ftp://prometheus', 'http://p:9090/?x=1', ''])(
  'refuses "%s" as an address',
  (url) => {
    expect(() => openPrometheus({ url })).toThrowError(expect.objectContaining({ code: 'invalid-argument' }));
  },
);
