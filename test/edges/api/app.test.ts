import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { ServerMode } from '../../../src/api/peers.ts';
import type { ModeSwitch } from '../../../src/api/ports.ts';
import { type ErrorCode, errorTable, ForescaleError } from '../../../src/platform/errors.ts';
import { apiOptions, directoryOf, modelOf, problemOf, taught, workloadOf } from './fixture.ts';

function modeSwitch(): ModeSwitch {
  let mode: ServerMode = 'active';
  return {
    mode: () => mode,
    async setMode(wanted) {
      mode = wanted;
    },
  };
}

describe('the server’s own routes', () => {
  it('tells version, mode and workloads by state', async () => {
    let now = 1000;
    const model = modelOf(taught(0));
    const app = await createApiApp(
      apiOptions({
        clock: () => now,
        directory: directoryOf([
          workloadOf(model),
          workloadOf(model, { name: 'two', mode: 'reactive' }),
          workloadOf(model, { name: 'three' }),
        ]),
        modeSwitch: modeSwitch(),
        ready: () => ({ ready: false, reasons: ['shop/checkout is being read'] }),
      }),
    );
    now = 1060;
    expect((await app.inject('/api/v1/status')).json()).toEqual({
      version: '1.2.3',
      uptimeSeconds: 60,
      mode: 'active',
      ready: false,
      replicas: [],
      reasons: ['shop/checkout is being read'],
      workloads: { total: 3, byState: { trusted: 2, reactive: 1 } },
    });
    await app.close();
  });

  it('sets the kill switch, and gives the forecast its influence back', async () => {
    const workload = workloadOf(modelOf(taught(0)));
    const app = await createApiApp(
      apiOptions({ directory: directoryOf([workload]), modeSwitch: modeSwitch() }),
    );
    const set = (mode: string) => app.inject({ method: 'POST', url: '/api/v1/mode', payload: { mode } });
    const state = async () => (await app.inject('/api/v1/workloads/shop/checkout')).json().state;
    expect((await set('reactive')).json()).toEqual({ mode: 'reactive', replicas: [] });
    expect(await state()).toBe('reactive');
    expect((await set('active')).json()).toEqual({ mode: 'active', replicas: [] });
    expect(await state()).toBe('trusted');
    expect((await set('off')).json()).toMatchObject({
      status: 400,
      faults: [{ field: 'mode', message: 'mode: "off" must be one of "active", "reactive"' }],
    });
    await app.close();
  });

  it('is alive before it is ready, and says what it waits for', async () => {
    let ready = false;
    const app = await createApiApp(
      apiOptions({ ready: () => ({ ready, reasons: ready ? [] : ['the history of shop/checkout'] }) }),
    );
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'alive' });
    const waiting = await app.inject('/readyz');
    expect(waiting.statusCode).toBe(503);
    expect(waiting.json()).toEqual({ ready: false, reasons: ['the history of shop/checkout'] });
    ready = true;
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    await app.close();
  });

  it('gives metrics with the type their maker names', async () => {
    const app = await createApiApp(apiOptions());
    const response = await app.inject('/metrics');
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.body).toBe('up 1\n');
    await app.close();
  });

  it('lets a plugin add a route, which gets the headers and problem documents of every other', async () => {
    const app = await createApiApp(
      apiOptions({
        plugins: [
          (instance) => {
            instance.get('/more', { schema: { hide: true } }, () => ({ more: true }));
          },
          async (instance) => {
            instance.get('/broken', { schema: { hide: true } }, () => {
              throw new ForescaleError('not-found', 'there is no more');
            });
          },
        ],
      }),
    );
    const more = await app.inject('/more');
    expect(more.json()).toEqual({ more: true });
    expect(more.headers['x-content-type-options']).toBe('nosniff');
    expect(await problemOf(app, '/broken')).toMatchObject({ status: 404, detail: 'there is no more' });
    expect((await app.inject('/openapi.json')).body).not.toMatch(/"\/more"|"\/broken"/);
    await app.close();
  });
});

describe('the token', () => {
  const costly = [
    { method: 'POST' as const, url: '/api/v1/mode', payload: { mode: 'reactive' } },
    { method: 'POST' as const, url: '/api/v1/forecasts', payload: { query: 'x', horizon: '1h' } },
    { method: 'POST' as const, url: '/api/v1/what-if', payload: { query: 'x', target: 5 } },
  ];
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('is not asked for on loopback', async () => {
    const app = await createApiApp(apiOptions({ modeSwitch: modeSwitch() }));
    for (const request of costly) expect((await app.inject(request)).statusCode).toBe(200);
    await app.close();
  });

  it('is asked for on loopback when the server is addressed by a foreign name', async () => {
    const app = await createApiApp(apiOptions({ modeSwitch: modeSwitch() }));
    for (const request of costly) {
      const headers = { host: 'rebound.example:8080' };
      expect(await problemOf(app, { ...request, headers })).toMatchObject({
        status: 401,
        code: 'unauthorized',
      });
    }
    await app.close();
  });

  it('is asked for elsewhere, on the routes that change things or cost much alone', async () => {
    const app = await createApiApp(
      apiOptions({ modeSwitch: modeSwitch(), boundToLoopback: false, token: async () => 'open-sesame' }),
    );
    for (const request of costly) {
      const missing = await problemOf(app, request);
      expect(missing).toMatchObject({ status: 401, code: 'unauthorized' });
      expect(missing.headers['www-authenticate']).toMatch(/^Bearer/);
      for (const wrong of ['open-sesam', 'open-sesame2', 'OPEN-SESAME']) {
        expect((await app.inject({ ...request, headers: bearer(wrong) })).statusCode, wrong).toBe(401);
      }
      expect((await app.inject({ ...request, headers: { authorization: 'open-sesame' } })).statusCode).toBe(
        401,
      );
      expect((await app.inject({ ...request, headers: bearer('open-sesame') })).statusCode).toBe(200);
    }
    for (const url of ['/api/v1/workloads', '/api/v1/status', '/healthz', '/metrics', '/']) {
      expect((await app.inject(url)).statusCode, url).toBe(200);
    }
    await app.close();
  });

  it('is the one of now: a renewed one counts, and one that cannot be read opens nothing', async () => {
    let token = async () => 'first';
    const app = await createApiApp(
      apiOptions({ modeSwitch: modeSwitch(), boundToLoopback: false, token: () => token() }),
    );
    const statusWith = async (given: string) =>
      (await app.inject({ ...costly[0], headers: bearer(given) })).statusCode;
    expect([await statusWith('first'), await statusWith('second')]).toEqual([200, 401]);
    token = async () => 'second';
    expect([await statusWith('first'), await statusWith('second')]).toEqual([401, 200]);
    token = async () => {
      throw new Error('the file /etc/secret is gone');
    };
    expect(await statusWith('second')).toBe(401);
    const problem = await problemOf(app, { ...costly[0], headers: bearer('') });
    expect(problem.detail).toContain('its log says why');
    expect(problem.detail).not.toContain('/etc/secret');
    await app.close();
  });

  it('cannot be given to a server that has none; the remedy is named', async () => {
    const app = await createApiApp(apiOptions({ modeSwitch: modeSwitch(), boundToLoopback: false }));
    for (const request of costly) {
      const problem = await problemOf(app, { ...request, headers: bearer('') });
      expect(problem.status).toBe(401);
      expect(problem.detail).toContain('--api-token-file');
    }
    await app.close();
  });

  it('is asked for before the body is read', async () => {
    const app = await createApiApp(apiOptions({ boundToLoopback: false, limits: { bodyBytes: 10 } }));
    const payload = { query: 'a query longer than ten bytes', horizon: '1h' };
    expect((await app.inject({ method: 'POST', url: '/api/v1/forecasts', payload })).statusCode).toBe(401);
    await app.close();
  });
});

describe('problems', () => {
  const throwing = (error: () => unknown) =>
    createApiApp(
      apiOptions({
        directory: directoryOf([
          workloadOf(
            modelOf(taught(0), {
              accuracy: () => {
                throw error();
              },
            }),
          ),
        ]),
      }),
    );
  const url = '/api/v1/workloads/shop/checkout/accuracy';

  it.each(Object.keys(errorTable) as ErrorCode[])(
    '%s has the status and title of the table',
    async (code) => {
      const app = await throwing(
        () => new ForescaleError(code, 'what and how', { fieldErrors: [{ field: 'f', message: 'm' }] }),
      );
      expect(await problemOf(app, `${url}?trigger=a1b2c3d4`)).toMatchObject({
        type: `urn:forescale:problem:${code}`,
        title: errorTable[code].meaning,
        status: errorTable[code].httpStatus,
        code,
        instance: url,
        contentType: expect.stringMatching(/^application\/problem\+json/),
        faults: [{ field: 'f', message: 'm' }],
        ...(code === 'internal' ? {} : { detail: 'what and how' }),
      });
      await app.close();
    },
  );

  it('reveals nothing of a bug but the id under which the log has more', async () => {
    const logged: object[] = [];
    const app = await createApiApp(
      apiOptions({
        log: { ...apiOptions().log, error: (fields) => void logged.push(fields) },
        metrics: {
          ...apiOptions().metrics,
          all: () => {
            throw new TypeError('secret is undefined');
          },
        },
      }),
    );
    const response = await app.inject('/metrics');
    expect(response.statusCode).toBe(500);
    expect(response.json().code).toBe('internal');
    expect(response.body).not.toMatch(/secret|stack|\.ts/);
    expect(logged).toMatchObject([
      { route: '/metrics', stack: expect.stringContaining('secret is undefined') },
    ]);
    await app.close();
  });

  it.each([
    ['an unknown route', { url: '/api/v1/workload' }, 404, 'not-found'],
    [
      'a method a route has not',
      { method: 'DELETE' as const, url: '/api/v1/workloads' },
      405,
      'method-not-allowed',
    ],
    ['a path that is no URL', { url: '/api/v1/workloads/%E0%A4%A/x' }, 400, 'invalid-argument'],
    ['a name no cluster has', { url: `/api/v1/workloads/${'a'.repeat(300)}/x` }, 404, 'not-found'],
    ['a way out of the page’s folder', { url: '/..%2f..%2fpackage.json' }, 404, 'not-found'],
    ['an endless URL', { url: `/api/v1/workloads?namespace=${'a'.repeat(9000)}` }, 413, 'too-large'],
    ['a parameter where none is taken', { url: '/api/v1/status?verbose=1' }, 400, 'invalid-argument'],
  ])('answers %s with a problem document', async (_what, request, status, code) => {
    const app = await createApiApp(apiOptions());
    const problem = await problemOf(app, request);
    expect(problem).toMatchObject({ status, code });
    expect(problem.contentType).toMatch(/^application\/problem\+json/);
    await app.close();
  });
});

describe('the methods of a route', () => {
  it.each([
    ['DELETE', '/api/v1/workloads', 'GET, HEAD'],
    ['PUT', '/api/v1/workloads/shop/checkout/forecast?horizon=1h', 'GET, HEAD'],
    ['GET', '/api/v1/forecasts', 'POST'],
    ['PATCH', '/prometheus/api/v1/query', 'GET, HEAD, POST'],
    ['POST', '/', 'GET, HEAD'],
  ] as const)('are named to who sends %s %s', async (method, url, allow) => {
    const app = await createApiApp(apiOptions());
    const response = await app.inject({ method, url });
    expect(response.headers['allow']).toBe(allow);
    expect(response.statusCode).toBe(405);
    expect(response.body).toContain(`does not take ${method}; use ${allow.replaceAll(', ', ' or ')}`);
    const asked = await app.inject({ method: 'OPTIONS', url });
    expect([asked.statusCode, asked.headers['allow'], asked.body]).toEqual([204, allow, '']);
    await app.close();
  });

  it('have HEAD wherever they have GET, with the headers of the answer and without its body', async () => {
    const app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(taught(9)))]) }));
    for (const url of ['/api/v1/workloads', '/api/v1/workloads/shop/checkout/forecast', '/healthz', '/']) {
      const [head, get] = [await app.inject({ method: 'HEAD', url }), await app.inject(url)];
      expect([head.statusCode, head.body]).toEqual([200, '']);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
      expect(head.headers['etag']).toBe(get.headers['etag']);
    }
    await app.close();
  });
});

describe('any request', () => {
  let app: ApiInstance;
  beforeAll(async () => {
    app = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(modelOf(taught(1)))]) }));
  });
  afterAll(() => app.close());

  const names = [
    'horizon',
    'quantiles',
    'trigger',
    'from',
    'to',
    'range',
    'limit',
    'offset',
    'namespace',
    '__proto__',
  ];
  const values = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.integer().map(String),
    fc.stringMatching(/^[0-9.]{1,6}(ms|[smhdwy])$/),
    fc.constantFrom('0', '1e308', '-1', 'NaN', '0.5,0.9', '2026-01-06T09:00Z', '9999-99-99', 'constructor'),
  );
  const query = fc
    .array(fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), values), { maxLength: 4 })
    .map((pairs) => new URLSearchParams(pairs).toString());
  const path = fc.constantFrom(
    '/api/v1/workloads',
    '/api/v1/workloads/shop/checkout',
    '/api/v1/workloads/shop/checkout/forecast',
    '/api/v1/workloads/shop/checkout/history',
    '/api/v1/workloads/shop/checkout/accuracy',
    '/api/v1/status',
  );

  it('never answers with an internal error, and refuses with a problem document', async () => {
    await fc.assert(
      fc.asyncProperty(path, query, async (route, search) => {
        const response = await app.inject(`${route}?${search}`);
        expect(response.statusCode).toBeLessThan(500);
        if (response.statusCode !== 200) {
          expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
          expect(response.json().detail).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes any JSON for a body without failing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              query: values,
              data: fc.record({
                timestamps: fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.double(), values)),
                values: fc.array(fc.oneof(fc.double(), fc.constant(null))),
              }),
              horizon: values,
              step: values,
              seasons: fc.array(values),
              quantiles: fc.array(fc.double()),
            },
            { requiredKeys: ['horizon'] },
          ),
        ),
        async (body) => {
          const response = await app.inject({
            method: 'POST',
            url: '/api/v1/forecasts',
            headers: { 'content-type': 'application/json' },
            payload: JSON.stringify(body),
          });
          expect(response.statusCode, response.body).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('security headers', () => {
  it('let the page load from this server alone, and keep answers of the API out of caches', async () => {
    const app = await createApiApp(apiOptions());
    const page = await app.inject('/');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await app.inject('/api/v1/workloads')).headers['cache-control']).toBe('private, no-cache');
    for (const url of ['/api/v1/status', '/api/v1/workloads/no/where', '/prometheus/api/v1/labels'])
      expect((await app.inject(url)).headers['cache-control']).toBe('no-store');
    expect((await app.inject('/assets/uplot/uPlot.esm.js')).statusCode).toBe(200);
    await app.close();
  });
});
