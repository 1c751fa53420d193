import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { AdHocForecaster } from '../../../src/api/ports.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';
import {
  apiOptions,
  directoryOf,
  modelOf,
  nowSeconds,
  pastDays,
  problemOf,
  stepSeconds,
  taught,
  workloadOf,
} from './fixture.ts';

const post = (payload: unknown) => ({
  method: 'POST' as const,
  url: '/api/v1/forecasts',
  headers: { 'content-type': 'application/json' },
  // In JSON an infinity can only be written as a number that is too large.
  payload: JSON.stringify(payload).replace('"INFINITE"', '1e999'),
});

const inline = (days: number) => {
  const { timestamps, values } = pastDays(days);
  return { timestamps: Array.from(timestamps), values: Array.from(values) };
};

describe('ad-hoc forecasts', () => {
  let app: ApiInstance;
  const asked: Parameters<AdHocForecaster['history']>[0][] = [];
  beforeAll(async () => {
    const adHoc: AdHocForecaster = {
      async history(request) {
        asked.push(request);
        if (request.query === 'down')
          throw new ForescaleError('source-unreachable', 'http://prometheus is down');
        return { ...pastDays(3), warnings: ['a shard is missing'] };
      },
    };
    app = await createApiApp(apiOptions({ adHoc, limits: { historyRows: 5000, forecastPoints: 600 } }));
  });
  afterAll(() => app.close());

  it('forecasts data sent along', async () => {
    const response = await app.inject(post({ data: inline(3), horizon: '1h', quantiles: [0.5, 0.99] }));
    expect(response.statusCode, response.body).toBe(200);
    const forecast = response.json();
    expect(forecast).toMatchObject({ status: 'ok', origin: nowSeconds, stepSeconds, warnings: [] });
    expect(forecast.points).toHaveLength(12);
    expect(Object.keys(forecast.points[0].quantiles)).toEqual(['0.5', '0.99']);
  });

  it('counts the events of the workload that is named, and says which', async () => {
    const sale = {
      ...{ startSeconds: nowSeconds, endSeconds: nowSeconds + 7_200, name: 'Sale', kind: 'sale' },
      effect: { type: 'given' as const, ratio: 3 },
    };
    const past = { ...sale, startSeconds: 0, endSeconds: 60 };
    const workload = workloadOf(modelOf(taught(1), { events: () => [past, sale] }));
    const known = await createApiApp(apiOptions({ directory: directoryOf([workload]) }));
    const body = { data: inline(3), horizon: '1h' };
    const [plain, raised] = [
      (await known.inject(post(body))).json(),
      (await known.inject(post({ ...body, workload: 'shop/checkout' }))).json(),
    ];
    expect(raised.events).toMatchObject([{ name: 'Sale', effect: 'given', ratio: 3, from: nowSeconds }]);
    expect(raised.points[11].median).toBeGreaterThan(2 * plain.points[11].median);
    expect(plain.events).toBeUndefined();
    const unknown = await problemOf(known, post({ ...body, workload: 'shop/other' }));
    expect(unknown).toMatchObject({ status: 404, code: 'not-found' });
    expect(unknown.detail).toContain('no workload shop/other');
    await known.close();
  });

  it('forecasts a day where no horizon is given, as the command does', async () => {
    const { points, origin } = (await app.inject(post({ data: inline(3) }))).json();
    expect(points.at(-1).t).toBe(origin + 86_400);
  });

  it('takes null as missing and ISO times as times', async () => {
    const data = inline(3);
    const timestamps = data.timestamps.map((t) => new Date(t * 1000).toISOString());
    const withGap = data.values.map((value, index) => (index > 100 && index < 110 ? null : value));
    const fromNulls = await app.inject(post({ data: { timestamps, values: withGap }, horizon: '1h' }));
    const present = withGap.flatMap((value, index) => (value === null ? [] : [index]));
    const fromHoles = await app.inject(
      post({
        data: {
          timestamps: present.map((index) => data.timestamps[index]),
          values: present.map((index) => data.values[index]),
        },
        horizon: '1h',
      }),
    );
    expect(fromNulls.statusCode, fromNulls.body).toBe(200);
    expect(fromNulls.json()).toEqual(fromHoles.json());
  });

  it('forecasts a query, passing on what was asked and what the source warned of', async () => {
    const response = await app.inject(
      post({ query: 'sum(rate(x[5m]))', address: 'main', range: '3d', step: '5m', horizon: '30m' }),
    );
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({ status: 'ok', warnings: ['a shard is missing'] });
    expect(asked.at(-1)).toEqual({
      query: 'sum(rate(x[5m]))',
      address: 'main',
      rangeSeconds: 259_200,
      stepSeconds: 300,
    });
  });

  it.each([1, 61, 3600, 7200, 21_600])('takes rows %i s apart', async (step) => {
    const timestamps = Array.from({ length: 200 }, (_, index) => nowSeconds + index * step);
    const values = timestamps.map((_, index) => 50 + (index % 24));
    const horizon = `${Math.max(300, step)}s`;
    const response = await app.inject(post({ data: { timestamps, values }, horizon }));
    expect(response.statusCode, response.body).toBe(200);
  });

  it('lets days follow the clocks of a time zone', async () => {
    // Ten days of nine-to-five by the clocks of Berlin, the last of them after the change to winter time.
    const hour = 3600;
    const last = Date.UTC(2026, 9, 26, 7) / 1000;
    const timestamps = Array.from({ length: 12 * 288 }, (_, i) => last - (12 * 288 - 1 - i) * 300);
    const change = Date.UTC(2026, 9, 25, 1) / 1000;
    const clock = (t: number) => ((t + (t < change ? 2 : 1) * hour) % 86_400) / hour;
    const values = timestamps.map((t) => (clock(t) > 9 && clock(t) <= 17 ? 100 : 10));
    const ahead = async (horizon: string, zone: { readonly timeZone?: string }) => {
      const response = await app.inject(post({ data: { timestamps, values }, horizon, ...zone }));
      expect(response.statusCode, response.body).toBe(200);
      return response.json<{ points: { median: number }[] }>().points.at(-1)?.median;
    };
    // It is 8:00 in Berlin now. By UTC, demand has begun at this time for days.
    const berlin = { timeZone: 'Europe/Berlin' };
    expect(await ahead('50m', berlin)).toBeLessThan(30);
    expect(await ahead('90m', berlin)).toBeGreaterThan(80);
    expect(await ahead('50m', {})).toBeGreaterThan(50);
  });

  it('says "learning" of data too short to forecast', async () => {
    const response = await app.inject(
      post({
        data: { timestamps: [nowSeconds - 300, nowSeconds], values: [1, 2] },
        horizon: '1h',
      }),
    );
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({ status: 'learning', points: [] });
  });

  const rows = { timestamps: [100, 200, 300], values: [1, 2, 3] };
  it.each([
    ['neither query nor data', { horizon: '1h' }, 400, 'invalid-argument', 'either query or data'],
    ['both', { query: 'x', data: rows, horizon: '1h' }, 400, 'invalid-argument', 'either query or data'],
    [
      'a misspelt field',
      { query: 'x', horizon: '1h', quantile: [0.5] },
      400,
      'invalid-argument',
      'quantiles',
    ],
    [
      'an address beside data',
      { data: rows, address: 'x', horizon: '1h' },
      400,
      'invalid-argument',
      'address',
    ],
    [
      'times that fall',
      { data: { timestamps: [100, 300, 200], values: [1, 2, 3] }, horizon: '1h' },
      400,
      'invalid-argument',
      'data.timestamps.2: 200',
    ],
    [
      'a time that is none',
      { data: { timestamps: [100, 'noon', 300], values: [1, 2, 3] }, horizon: '1h' },
      400,
      'invalid-argument',
      'data.timestamps.1: "noon"',
    ],
    [
      'rows closer than a second',
      { data: { timestamps: [100, 100.01, 100.02], values: [1, 2, 3] }, horizon: '1h' },
      400,
      'invalid-argument',
      'data.timestamps: rows 10 ms apart are closer than 1s; send their means',
    ],
    [
      'more steps ahead than are forecast, before room is made for them',
      { data: { timestamps: [100, 101], values: [1, 2] }, seasons: ['1m'], horizon: '366d' },
      400,
      'invalid-argument',
      'horizon: 366d must be from 1s, one step, to 10m',
    ],
    [
      'a season of more steps than a model holds',
      { data: { timestamps: [100, 101], values: [1, 2] }, seasons: ['1m', '28d'], horizon: '1m' },
      400,
      'invalid-argument',
      'seasons.1: 28d must be at most 8064 steps of the model, 2h14m24s; give a coarser step',
    ],
    [
      'columns of unequal length',
      { data: { timestamps: [100, 200, 300], values: [1, 2] }, horizon: '1h' },
      400,
      'invalid-argument',
      '3 timestamps but 2 values',
    ],
    [
      'negative demand',
      { data: { timestamps: [100, 200], values: [1, -2] }, horizon: '1h' },
      400,
      'invalid-argument',
      'data.values.1',
    ],
    [
      'infinite demand',
      { data: { timestamps: [100, 200], values: [1, 'INFINITE'] }, horizon: '1h' },
      400,
      'invalid-argument',
      'data.values.1: Infinity',
    ],
    ['more rows than allowed', { data: inline(20), horizon: '1h' }, 413, 'too-large', '5760 rows'],
    [
      'nothing but nulls',
      { data: { timestamps: [100, 200], values: [null, null] }, horizon: '1h' },
      422,
      'no-data',
      'at least one number',
    ],
    [
      'gaps longer than allowed',
      { data: { timestamps: [0, 60, 120, 1_000_000_000], values: [1, 2, 3, 4] }, horizon: '1h' },
      413,
      'too-large',
      'with their gaps',
    ],
    [
      'a season too short to learn',
      { data: rows, seasons: ['20s'], horizon: '1h' },
      400,
      'invalid-argument',
      '20 steps',
    ],
    [
      'a time zone nobody knows',
      { data: rows, timeZone: 'Europe/Atlantis', horizon: '1h' },
      400,
      'invalid-argument',
      'timeZone: "Europe/Atlantis" must be an IANA time zone',
    ],
    [
      'rows too coarse for a day or a week',
      { data: { timestamps: [0, 86_400, 172_800], values: [1, 2, 3] }, horizon: '2d' },
      400,
      'invalid-argument',
      'give seasons',
    ],
    [
      'a range of too many rows',
      { query: 'x', range: '28d', step: '1s', horizon: '1h' },
      413,
      'too-large',
      'coarser',
    ],
    [
      'more points than allowed',
      { data: inline(1), horizon: '30d' },
      400,
      'invalid-argument',
      'horizon: 30d',
    ],
    ['a source that is down', { query: 'down', horizon: '1h' }, 502, 'source-unreachable', 'is down'],
  ])('refuses %s', async (_what, payload, status, code, word) => {
    const problem = await problemOf(app, post(payload));
    expect(problem).toMatchObject({ status, code });
    expect(problem.contentType).toMatch(/^application\/problem\+json/);
    expect(problem.detail).toContain(word);
  });

  it('names a few of many wrong rows, not all of them', async () => {
    const data = { timestamps: Array.from({ length: 1000 }, () => 5), values: Array(1000).fill(1) };
    const { faults } = await problemOf(app, post({ data, horizon: '1h' }));
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThan(20);
  });

  it('refuses a body larger than its limit, and one that is not JSON', async () => {
    const small = await createApiApp(apiOptions({ limits: { bodyBytes: 1000 } }));
    expect(await problemOf(small, post({ data: inline(3), horizon: '1h' }))).toMatchObject({
      status: 413,
      code: 'too-large',
    });
    const request = { method: 'POST' as const, url: '/api/v1/forecasts' };
    const json = { 'content-type': 'application/json' };
    for (const { headers, payload } of [
      { headers: { 'content-type': 'text/plain' }, payload: '{}' },
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=b' },
      { headers: json, payload: '{"horizon":' },
      { headers: json, payload: '' },
      { headers: json, payload: '{"__proto__": {"horizon": "1h"}}' },
      { headers: json, payload: '[]' },
      { headers: json, payload: 'null' },
    ]) {
      const problem = await problemOf(small, { ...request, headers, payload });
      expect(problem, payload).toMatchObject({ status: 400, code: 'invalid-argument' });
    }
    await small.close();
  });

  it('makes only so many at once, and has room again afterwards', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const adHoc: AdHocForecaster = {
      async history() {
        await opened;
        return pastDays(1);
      },
    };
    const busy = await createApiApp(apiOptions({ adHoc, limits: { adHocAtOnce: 2 } }));
    const request = post({ query: 'x', horizon: '1h' });
    const running = Promise.all([busy.inject(request), busy.inject(request)]);
    const refused = await problemOf(busy, request);
    expect(refused).toMatchObject({ status: 429, code: 'limit-reached' });
    expect(refused.headers['retry-after']).toBeDefined();
    open();
    expect((await running).map((response) => response.statusCode)).toEqual([200, 200]);
    expect((await busy.inject(request)).statusCode).toBe(200);
    await busy.close();
  });

  it('stops for a client that has gone, and has room again afterwards', async () => {
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const adHoc: AdHocForecaster = {
      history: (_request, signal) => {
        signal.addEventListener('abort', () => stop());
        begin();
        return new Promise(() => {});
      },
    };
    const left = await createApiApp(apiOptions({ adHoc, limits: { adHocAtOnce: 1 } }));
    const url = await left.listen({ host: '127.0.0.1', port: 0 });
    try {
      const client = new AbortController();
      const { method, url: path, headers, payload: body } = post({ query: 'x', horizon: '1h' });
      const asked = fetch(`${url}${path}`, { method, headers, body, signal: client.signal });
      await begun;
      client.abort();
      await expect(asked).rejects.toThrow();
      await stopped;
      const sent = post({ data: inline(1), horizon: '1h' });
      await expect.poll(async () => (await left.inject(sent)).statusCode).toBe(200);
    } finally {
      await left.close();
    }
  });

  it('gives up on a source that never answers, and has room again afterwards', async () => {
    const adHoc: AdHocForecaster = { history: () => new Promise(() => {}) };
    const hung = await createApiApp(apiOptions({ adHoc, limits: { adHocAtOnce: 1, adHocTimeoutMs: 20 } }));
    const request = post({ query: 'x', horizon: '1h' });
    expect(await problemOf(hung, request)).toMatchObject({ status: 504, code: 'source-timeout' });
    expect(await problemOf(hung, request)).toMatchObject({ status: 504, code: 'source-timeout' });
    await hung.close();
  });
});
