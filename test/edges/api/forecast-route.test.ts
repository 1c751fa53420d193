import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { Forecaster } from '../../../src/forecast/core/index.ts';
import {
  apiOptions,
  demandAt,
  directoryOf,
  modelOf,
  nowSeconds,
  problemOf,
  stepSeconds,
  taught,
  workloadOf,
} from './fixture.ts';

const route = '/api/v1/workloads/shop/checkout/forecast';

interface Point {
  readonly t: number;
  readonly median: number;
  readonly quantiles: Record<string, number>;
  readonly replicas: { readonly median: number; readonly quantiles: Record<string, number> };
  readonly came?: number | null;
}

describe('the forecast route', () => {
  let app: ApiInstance;
  let forecaster: Forecaster;
  let now = nowSeconds;
  beforeAll(async () => {
    forecaster = taught(9);
    const workloads = [
      workloadOf(modelOf(forecaster)),
      workloadOf(modelOf(taught(0)), { name: 'born', decision: () => undefined }),
    ];
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads), clock: () => now }));
  });
  afterAll(() => app.close());

  async function points(query: string): Promise<readonly Point[]> {
    const response = await app.inject(`${route}${query}`);
    expect(response.statusCode, response.body).toBe(200);
    return response.json().points;
  }

  it('tells beside each demand the replicas that carry it, and what that says', async () => {
    const { points: all, ...rest } = (await app.inject(`${route}?quantiles=0.5,0.99`)).json();
    expect(rest).toMatchObject({
      made: 'now',
      at: null,
      threshold: 20,
      hpaTolerance: 0.1,
      unit: 'requests/s',
      replicasMeaning: expect.stringContaining('ignores differences of up to 10%'),
    });
    expect(all).toHaveLength(24);
    for (const { median, quantiles, replicas } of all as Point[]) {
      expect(replicas.median).toBe(Math.ceil(median / 20));
      expect(replicas.quantiles).toEqual({
        '0.5': Math.ceil((quantiles['0.5'] ?? 0) / 20),
        '0.99': Math.ceil((quantiles['0.99'] ?? 0) / 20),
      });
    }
  });

  it('tells the points of today’s forecast after a moment to come', async () => {
    const [first, ...others] = await points('?at=%2B6h&horizon=1h');
    expect(first?.t).toBe(nowSeconds + 6 * 3600 + stepSeconds);
    expect(others).toHaveLength(11);
    const all = await points('?horizon=7h');
    expect(all.slice(-12)).toEqual([first, ...others]);
    expect(await points(`?at=${nowSeconds + 6 * 3600}&horizon=1h`)).toEqual([first, ...others]);
  });

  it('makes the forecast of a moment of the past again, beside what came', async () => {
    const atSeconds = nowSeconds - 86_400;
    const [answer] = [(await app.inject(`${route}?at=-1d&horizon=2h`)).json()];
    expect(answer).toMatchObject({ made: 'replayed', at: atSeconds, origin: atSeconds, status: 'ok' });
    expect(answer.points).toHaveLength(24);
    for (const { t, came, median } of answer.points as Point[]) {
      // What is remembered is rounded.
      expect(came).toBeCloseTo(demandAt(t), 0);
      expect(Math.abs(median - demandAt(t))).toBeLessThan(25);
    }
    const iso = new Date(atSeconds * 1000).toISOString();
    expect((await app.inject(`${route}?at=${iso}&horizon=2h`)).json()).toEqual(answer);
  });

  it('says what it cannot tell of the past', async () => {
    expect(await problemOf(app, `${route}?at=2020-01-01`)).toMatchObject({
      status: 404,
      code: 'not-on-record',
    });
    expect((await app.inject(`${route}?at=-8d`)).json()).toMatchObject({ status: 'learning', points: [] });
    expect(await problemOf(app, `${route}?at=yesterday`)).toMatchObject({
      status: 400,
      faults: [{ field: 'at', message: expect.stringContaining('relative to now such as -2h') }],
    });
    expect(await problemOf(app, `${route}?at=-99y`)).toMatchObject({
      status: 400,
      faults: [{ field: 'at' }],
    });
  });

  it('asks for the token before it makes a forecast of the past, and makes only some at once', async () => {
    const options = apiOptions({ directory: directoryOf([workloadOf(modelOf(forecaster))]) });
    const guarded = await createApiApp({ ...options, boundToLoopback: false, token: async () => 'secret' });
    expect(await problemOf(guarded, `${route}?at=-1d`)).toMatchObject({ status: 401, code: 'unauthorized' });
    expect((await guarded.inject(route)).statusCode).toBe(200);
    const ask = () => guarded.inject({ url: `${route}?at=-1d`, headers: { authorization: 'Bearer secret' } });
    const answers = await Promise.all(Array.from({ length: 9 }, ask));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    await guarded.close();
  });

  it('writes rows for other programs, in the time zone that is asked for', async () => {
    const url = `${route}?horizon=10m&quantiles=0.5,0.9&timeZone=Europe/Berlin`;
    const csv = await app.inject({ url, headers: { accept: 'text/csv' } });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['vary']).toBe('accept');
    const [head, first = '', second, end] = csv.body.split('\n');
    expect(head).toBe('timestamp,unix,median,0.9,replicas,replicas 0.9,unit');
    expect(first).toMatch(/^2026-01-06T10:05:00\+01:00,1767690300,[\d.]+,[\d.]+,\d+,\d+,requests\/s$/);
    expect([second?.split(',').length, end]).toEqual([7, '']);
    const ndjson = await app.inject({ url, headers: { accept: 'application/x-ndjson, */*;q=0.1' } });
    const rows = ndjson.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      time: '2026-01-06T10:05:00+01:00',
      unix: nowSeconds + stepSeconds,
      unit: 'requests/s',
      replicas: { median: expect.any(Number) },
    });
    expect(await problemOf(app, `${route}?timeZone=Mars/Base`)).toMatchObject({
      faults: [{ field: 'timeZone' }],
    });
  });

  it('is kept until there is a new row, for each format by itself', async () => {
    const asked = (headers: Record<string, string> = {}) =>
      app.inject({ url: `${route}?horizon=1h`, headers });
    const [first, again, csv] = [await asked(), await asked(), await asked({ accept: 'text/csv' })];
    expect(again.body).toBe(first.body);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    expect(csv.headers['etag']).not.toBe(first.headers['etag']);
    expect((await asked({ accept: 'text/csv' })).body).toBe(csv.body);
    expect(first.headers['cache-control']).toBe('private, max-age=600');
    now = nowSeconds + 590;
    expect((await asked()).headers['cache-control']).toBe('private, max-age=10');
    now = nowSeconds + 700;
    expect((await asked()).headers['cache-control']).toBe('private, no-cache');
    const known = { 'if-none-match': String(first.headers['etag']) };
    const unchanged = await asked(known);
    expect([unchanged.statusCode, unchanged.body]).toEqual([304, '']);
    expect(unchanged.headers['etag']).toBe(first.headers['etag']);
    forecaster.observe(nowSeconds + stepSeconds, demandAt(nowSeconds + stepSeconds));
    const changed = await asked(known);
    expect(changed.statusCode).toBe(200);
    expect(changed.json().origin).toBe(nowSeconds + stepSeconds);
  });

  it('is made anew when the HPA is seen to have another tolerance', async () => {
    let up = 0.1;
    const workload = workloadOf(modelOf(forecaster));
    const cluster = () => ({
      ...workload.cluster(),
      hpaTolerance: { up, down: up, from: 'cluster' as const },
    });
    const directory = directoryOf([{ ...workload, cluster }]);
    const other = await createApiApp(apiOptions({ directory, clock: () => now }));
    const tolerance = async () => (await other.inject(route)).json().hpaTolerance;
    expect(await tolerance()).toBe(0.1);
    up = 0.05;
    expect(await tolerance()).toBe(0.05);
    await other.close();
  });

  it('is not kept while there is none', async () => {
    const answer = await app.inject('/api/v1/workloads/shop/born/forecast');
    expect(answer.json()).toMatchObject({ status: 'learning', points: [] });
    expect(answer.headers['cache-control']).toBe('private, no-cache');
    const csv = await app.inject({
      url: '/api/v1/workloads/shop/born/forecast',
      headers: { accept: 'text/csv' },
    });
    expect(csv.body).toBe('timestamp,unix,median,replicas,unit\n');
  });
});
