import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { errorKinds } from '../../../src/telemetry-app/faults/error-kinds.ts';
import { createVirtualTimers } from '../../pure/telemetry-app/virtual-timers.ts';
import { buildApp, postChain, scrape } from './app-in-process.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

type App = ReturnType<typeof buildApp>;
type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE';

async function listen(app: App): Promise<number> {
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  opened.push(app.close);
  return (app.server.server.address() as AddressInfo).port;
}

async function admin(app: App, method: Method, path: string, body?: unknown, headers = {}) {
  const answer = await app.server.inject({
    method,
    url: `/admin/faults${path}`,
    headers,
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

/** An app in virtual time that records its waits and does not wait. */
function buildWatched(options: Partial<TelemetryAppOptions> = {}) {
  const timers = createVirtualTimers();
  const waits: number[] = [];
  const app = buildApp({ timers, delay: async (ms) => void waits.push(ms), ...options });
  return { app, timers, waits };
}

const statusOf = async (app: App, headers: Record<string, string> = {}) =>
  (await postChain(app, [], headers)).statusCode;

describe('errors of several kinds', () => {
  const kinds = (text: string) => errorKinds.parse(text) ?? expect.unreachable();

  it('are answered with the status of their kind, and said to be on purpose', async () => {
    const { app } = buildWatched({ errorPercent: 100, errorKinds: kinds('503:3,429:1') });
    const seen = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const answer = await postChain(app, []);
      expect(answer.json()).toMatchObject({ status: answer.statusCode, code: 'injected-error' });
      seen.set(answer.statusCode, (seen.get(answer.statusCode) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted()).toEqual([429, 503]);
    expect(seen.get(503)).toBeGreaterThan(260);
    expect(seen.get(503)).toBeLessThan(340);
  });

  it('may be an answer that is right but late', async () => {
    const { app, waits } = buildWatched({
      errorPercent: 100,
      errorKinds: kinds('delay'),
      errorDelayMs: 700,
      latencyDistribution: { kind: 'fixed', ms: 20 },
    });
    expect((await postChain(app, ['x'])).json()).toEqual(['x', 'a']);
    expect(waits).toEqual([720]);
  });

  it('may be a connection that is cut without an answer', async () => {
    const app = buildApp({ errorPercent: 100, errorKinds: kinds('drop') });
    const port = await listen(app);
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
    let heard = '';
    socket.on('data', (data) => {
      heard += String(data);
    });
    await once(socket, 'close');
    expect(heard).toBe('');
    const samples = await scrape(app);
    expect(samples.get('app_requests_total{app="a",method="GET",route="/",status="444"}')).toBe(1);
    expect(samples.get('http_requests_in_flight')).toBe(0);
  });
});

describe('faults ordered at run time', () => {
  it('take the place of what the environment says, and end by themselves', async () => {
    const { app, timers, waits } = buildWatched({ maxLatencyMs: 10, errorPercent: 0 });
    const order = {
      faults: { latency: 'fixed:250', errors: { percent: 100, kinds: '503' } },
      durationSeconds: 30,
    };
    const ordered = await admin(app, 'PUT', '', order);
    expect(ordered.status).toBe(200);
    expect(ordered.body).toEqual({
      faults: [
        { fault: 'latency', value: 'fixed:250', expiresAt: '2026-03-06T12:00:30.000Z', secondsLeft: 30 },
        {
          fault: 'errors',
          value: { percent: 100, kinds: '503' },
          expiresAt: '2026-03-06T12:00:30.000Z',
          secondsLeft: 30,
        },
      ],
    });
    expect(await statusOf(app)).toBe(503);
    expect(waits.splice(0)).toEqual([250]);
    timers.runTo(29_999);
    expect(await statusOf(app)).toBe(503);
    timers.runTo(30_000);
    expect(await statusOf(app)).toBe(200);
    expect(waits.at(-1)).toBeLessThan(10);
    expect((await admin(app, 'GET', '')).body).toEqual({ faults: [] });
  });

  it('end one by one: PATCH leaves the others the time they have, PUT ends them, DELETE ends what it names', async () => {
    const { app, timers } = buildWatched();
    const active = async () =>
      (await admin(app, 'GET', '')).body.faults.map((one: { fault: string; secondsLeft: number }) => [
        one.fault,
        one.secondsLeft,
      ]);
    await admin(app, 'PUT', '', { faults: { cpuMs: 1 }, durationSeconds: 100 });
    timers.runTo(10_000);
    await admin(app, 'PATCH', '', { faults: { memoryMib: 1 } });
    expect(await active()).toEqual([
      ['cpuMs', 90],
      ['memoryMib', 60],
    ]);
    await admin(app, 'PATCH', '', { faults: { cpuMs: 2 }, durationSeconds: 20 });
    timers.runTo(30_000);
    expect(await active()).toEqual([['memoryMib', 40]]);
    await admin(app, 'PUT', '', { faults: { latency: 'fixed:1', cpuMs: 1 } });
    expect(await active()).toEqual([
      ['latency', 60],
      ['cpuMs', 60],
    ]);
    expect((await admin(app, 'DELETE', '/cpuMs')).body.faults).toHaveLength(1);
    expect((await admin(app, 'DELETE', '')).body).toEqual({ faults: [] });
  });

  it('show in the metrics while they are active', async () => {
    const { app, timers } = buildWatched();
    await admin(app, 'PUT', '', { faults: { cpuMs: 1 }, durationSeconds: 5 });
    expect((await scrape(app)).get('app_faults_active{fault="cpuMs"}')).toBe(1);
    timers.runTo(5_000);
    expect([...(await scrape(app)).keys()].filter((name) => name.startsWith('app_faults_active'))).toEqual(
      [],
    );
  });

  it('show on the info page, beside the capacity of now', async () => {
    const { app } = buildWatched({ capacityRps: 40 });
    await admin(app, 'PUT', '', { preset: 'brown-out', faults: { latency: 'fixed:7' } });
    expect((await app.server.inject('/')).json()).toMatchObject({
      behaviour: { latency: { kind: 'fixed', ms: 7 }, errors: { percent: 0 }, cpuMs: 0, memoryMib: 0 },
      capacity: { requestsPerSecond: 20, concurrency: null },
    });
  });

  it('come as presets, each of which can be ordered, with faults on top', async () => {
    const { app } = buildWatched();
    const { presets } = (await admin(app, 'GET', '/presets')).body;
    expect(presets.length).toBeGreaterThanOrEqual(6);
    for (const { preset, meaning, faults } of presets) {
      expect(meaning.length).toBeGreaterThan(10);
      const { status, body } = await admin(app, 'PUT', '', { preset });
      expect(status, preset).toBe(200);
      expect(Object.fromEntries(body.faults.map(({ fault, value }: never) => [fault, value]))).toEqual(
        faults,
      );
    }
    const topped = await admin(app, 'PUT', '', { preset: 'outage', faults: { latency: 'fixed:5' } });
    expect(topped.body.faults.map(({ fault }: { fault: string }) => fault)).toEqual(['latency', 'errors']);
    expect(await statusOf(app)).toBe(503);
  });

  it('never touch probes, metrics and /admin, nor count as demand', async () => {
    const { app, waits } = buildWatched();
    await admin(app, 'PUT', '', {
      faults: {
        latency: 'fixed:60000',
        errors: { percent: 100, kinds: 'drop' },
        cpuMs: 10_000,
        memoryMib: 1024,
      },
    });
    for (const url of ['/healthz', '/readyz', '/metrics', '/admin/faults', '/admin/faults/presets']) {
      expect((await app.server.inject(url)).statusCode, url).toBe(200);
    }
    expect(waits).toEqual([]);
    const series = [...(await scrape(app)).keys()];
    expect(series.filter((name) => /^(app_requests_total|http_request_duration)/.test(name))).toEqual([]);
  });

  it('take capacity away', async () => {
    const { app, timers } = buildWatched({ capacityRps: 100 });
    await admin(app, 'PUT', '', { preset: 'brown-out', durationSeconds: 10 });
    const now = async () => (await scrape(app)).get('app_capacity_requests_per_second');
    expect(await now()).toBe(50);
    timers.runTo(10_000);
    expect(await now()).toBe(100);
  });

  it.each([
    ['nothing', undefined, ['faults']],
    ['an empty order', {}, ['faults']],
    ['an unknown fault', { faults: { latncy: 'fixed:1' } }, ['faults.latncy']],
    ['an unknown preset', { preset: 'outtage' }, ['preset']],
    ['a duration beyond the longest', { faults: { cpuMs: 1 }, durationSeconds: 3601 }, ['durationSeconds']],
    [
      'several wrong values, all at once',
      { faults: { latency: 'fixed:60001', errors: { percent: 101, kinds: '200' }, capacityRatio: 0 } },
      ['faults.latency', 'faults.errors.percent', 'faults.errors.kinds', 'faults.capacityRatio'],
    ],
  ])('are refused as %s, and change nothing', async (_, body, fields) => {
    const { app } = buildWatched();
    await admin(app, 'PUT', '', { faults: { cpuMs: 1 } });
    for (const method of ['PUT', 'PATCH'] as const) {
      const refused = await admin(app, method, '', body);
      expect(refused.body).toMatchObject({ status: 400, code: 'bad-faults', app: 'a' });
      const faults: { field: string; message: string }[] = refused.body.faults;
      expect(faults.map(({ field }) => field).toSorted()).toEqual([...fields].toSorted());
      for (const { message } of faults) expect(message.length).toBeGreaterThan(15);
    }
    expect((await admin(app, 'GET', '')).body.faults).toHaveLength(1);
  });

  it('say what was probably meant', async () => {
    const { app } = buildWatched();
    const detail = async (method: Method, path: string, body?: unknown) =>
      (await admin(app, method, path, body)).body.detail;
    expect(await detail('PUT', '', { faults: { latncy: 'x' } })).toContain('did you mean "latency"?');
    expect(await detail('PUT', '', { preset: 'outtage' })).toContain('did you mean outage?');
    expect(await detail('DELETE', '/cpums')).toContain('did you mean cpuMs?');
  });
});

describe('/admin', () => {
  const token = 'a-long-enough-token';
  const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
  const paths: [Method, string][] = [
    ['GET', ''],
    ['PUT', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['DELETE', '/cpuMs'],
    ['GET', '/presets'],
  ];

  it('wants the token where others can reach it', async () => {
    const app = buildApp({ host: '0.0.0.0', adminToken: token });
    for (const [method, path] of paths) {
      const none = await admin(app, method, path, { preset: 'slow' });
      expect([none.status, none.body.code, none.headers['www-authenticate']]).toEqual([
        401,
        'unauthorized',
        'Bearer',
      ]);
      expect((await admin(app, method, path, {}, bearer('another-token-012345'))).status).toBe(401);
      expect((await admin(app, method, path, { preset: 'slow' }, bearer(token))).status).toBe(200);
    }
  });

  it('takes the token of the file', async () => {
    const app = buildApp({ host: '0.0.0.0', adminTokenFromFile: token });
    expect((await admin(app, 'GET', '', undefined, bearer(token))).status).toBe(200);
  });

  it('is closed where others can reach it and there is no token, and says what to set', async () => {
    const app = buildApp({ host: '0.0.0.0' });
    for (const [method, path] of paths) {
      const { status, body } = await admin(app, method, path, { preset: 'slow' }, bearer(token));
      expect([status, body.code]).toEqual([401, 'unauthorized']);
      expect(body.detail).toContain('APP_ADMIN_TOKEN');
    }
  });

  it('is open on loopback, but not to a page that calls loopback by a name of its own', async () => {
    const app = buildApp({ host: '127.0.0.1' });
    const put = (host: string) => admin(app, 'PUT', '', { preset: 'slow' }, { host });
    for (const host of ['localhost:8000', '127.0.0.1:8000', '[::1]:8000']) {
      expect((await put(host)).status).toBe(200);
    }
    expect((await put('evil.example:8000')).status).toBe(401);
  });
});

describe('faults of a single request', () => {
  const on = { faultHeaders: 'on' } as const;

  it('are ignored unless they are allowed', async () => {
    const { app, waits } = buildWatched();
    expect(await statusOf(app, { 'x-fault-status': '503', 'x-fault-latency': '100', 'x-fault-x': '?' })).toBe(
      200,
    );
    expect(waits).toEqual([]);
  });

  it('touch that request alone', async () => {
    const { app, waits } = buildWatched({ ...on, latencyDistribution: { kind: 'fixed', ms: 3 } });
    expect(await statusOf(app, { 'x-fault-status': '429' })).toBe(429);
    expect(await statusOf(app, { 'x-fault-latency': '150' })).toBe(200);
    expect(await statusOf(app, { 'x-fault-latency': 'fixed:75' })).toBe(200);
    expect(await statusOf(app, { 'x-fault-status': 'delay', 'x-fault-delay': '40' })).toBe(200);
    expect(await statusOf(app)).toBe(200);
    expect(waits).toEqual([3, 150, 75, 43, 3]);
  });

  it('happen with the chance asked for', async () => {
    const { app } = buildWatched(on);
    let failed = 0;
    for (let i = 0; i < 2_000; i++) {
      if ((await statusOf(app, { 'x-fault-status': '503', 'x-fault-percent': '25' })) === 503) failed++;
    }
    // Binomial: mean 500, standard deviation 19; four of them on either side.
    expect(Math.abs(failed - 500)).toBeLessThan(78);
  });

  it('outrank those ordered at run time', async () => {
    const { app } = buildWatched(on);
    await admin(app, 'PUT', '', { preset: 'outage' });
    expect(await statusOf(app)).toBe(503);
    expect(await statusOf(app, { 'x-fault-percent': '0' })).toBe(200);
    expect(await statusOf(app, { 'x-fault-status': '418' })).toBe(418);
  });

  it('are refused all at once when they make no sense', async () => {
    const { app } = buildWatched(on);
    const answer = await postChain(app, [], {
      'x-fault-status': '200',
      'x-fault-latncy': '5',
      'x-fault-cpu': 'much',
    });
    expect(answer.json()).toMatchObject({ status: 400, code: 'bad-fault-headers' });
    const messages = answer.json().faults.map(({ message }: { message: string }) => message);
    expect(messages).toHaveLength(3);
    expect(messages).toContain('x-fault-latncy is no header this app knows; did you mean x-fault-latency?');
    expect(messages.join()).toContain(
      'x-fault-cpu is "much" but must be milliseconds of CPU time up to 10000',
    );
  });

  it('never touch probes and metrics', async () => {
    const { app } = buildWatched(on);
    for (const url of ['/healthz', '/readyz', '/metrics', '/admin/faults']) {
      const answer = await app.server.inject({
        url,
        headers: { 'x-fault-status': '503', 'x-fault-nonsense': '1' },
      });
      expect(answer.statusCode, url).toBe(200);
    }
  });
});
