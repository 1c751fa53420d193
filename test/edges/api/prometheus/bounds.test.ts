import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { DemandModelView, WorkloadView } from '../../../../src/forecast/workload-view.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

const learned = modelOf(taught(9));
const many = (count: number): WorkloadView[] =>
  Array.from({ length: count }, (_, index) => workloadOf(learned, { name: `shop-${index}` }));

let client: PromClient;
afterEach(() => client.app.close());

describe('a query over many workloads', () => {
  it('leaves the event loop free: other requests are answered while it runs', async () => {
    client = await openPromClient({ directory: directoryOf(many(2_000)) });
    const query = 'max by (quantile) (forescale_forecast)';
    let isDone = false;
    const long = client
      .get('query_range', { query, start: nowSeconds, end: nowSeconds + 21_600, step: 600 })
      .finally(() => {
        isDone = true;
      });
    let answered = 0;
    while (!isDone) {
      const { statusCode } = await client.app.inject('/healthz');
      if (statusCode === 200 && !isDone) answered++;
      await turn();
    }
    expect((await long).data?.result).toHaveLength(4);
    expect(answered).toBeGreaterThan(10);
  });

  it('is given up where its answer would be larger than a mebibyte, before all of it is made', async () => {
    let asked = 0;
    const model: DemandModelView = {
      ...learned,
      forecast: (request) => {
        asked++;
        return learned.forecast(request);
      },
    };
    const workloads = many(400).map((workload) => ({ ...workload, model }));
    client = await openPromClient({ directory: directoryOf(workloads) });
    const range = { start: nowSeconds, end: nowSeconds + 86_400, step: 300 };
    expect(await client.get('query_range', { query: 'forescale_forecast', ...range })).toMatchObject({
      statusCode: 422,
      errorType: 'execution',
      error: expect.stringContaining('larger than 1048576 bytes; ask for fewer series'),
    });
    expect(asked).toBeLessThan(200);
    const { data } = await client.get('query_range', { query: 'max(forescale_forecast)', ...range });
    expect(data?.result).toHaveLength(1);
  });

  it('lists no more than a mebibyte of series', async () => {
    client = await openPromClient({ directory: directoryOf(many(2_000)) });
    const { statusCode, error } = await client.get('series', { 'match[]': '{namespace="shop"}' });
    expect([statusCode, error]).toEqual([422, expect.stringContaining('larger than')]);
    expect(await client.list('label/workload/values')).toHaveLength(2_000);
  });

  it('is refused where it would look at too many samples', async () => {
    client = await openPromClient({ directory: directoryOf(many(50)), limits: { querySamples: 1_000 } });
    const range = { start: nowSeconds, end: nowSeconds + 3_600, step: 60 };
    expect(await client.get('query_range', { query: 'sum(forescale_signal)', ...range })).toMatchObject({
      statusCode: 422,
      errorType: 'execution',
      error: expect.stringContaining('would look at more than 1000 samples'),
    });
  });

  it('ends at its own timeout or the server’s with 503', async () => {
    client = await openPromClient({ directory: directoryOf(many(20_000)) });
    const query = 'sum(forescale_forecast)';
    const time = nowSeconds + 86_400;
    expect(await client.get('query', { query, time, timeout: '20ms' })).toMatchObject({
      statusCode: 503,
      errorType: 'timeout',
      error: expect.stringContaining('query timed out in expression evaluation after 20ms'),
    });
    await client.app.close();
    client = await openPromClient({ directory: directoryOf(many(20_000)), limits: { queryTimeoutMs: 15 } });
    expect(await client.get('query', { query, time, timeout: '1h' })).toMatchObject({ statusCode: 503 });
  });

  it('waits for its turn, and is refused where the line is full', async () => {
    const limits = { queriesAtOnce: 1, queriesWaiting: 2 };
    client = await openPromClient({ directory: directoryOf(many(500)), limits });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        client.get('query', { query: 'sum(forescale_signal)', time: nowSeconds }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 503, 503]);
    expect(answers.find(({ statusCode }) => statusCode === 503)).toMatchObject({ errorType: 'unavailable' });
    expect(await client.get('query', { query: '1' })).toMatchObject({ statusCode: 200 });
  });

  it('has PromQL of at most 4,096 characters, in forms of at most 64 KiB', async () => {
    client = await openPromClient({ directory: directoryOf(many(1)) });
    const listed = (length: number) => `forescale_signal{workload=~"${'x'.repeat(length)}"}`;
    expect(await client.post('query', { query: listed(4_000) })).toMatchObject({ statusCode: 200 });
    expect(await client.post('query', { query: listed(4_096) })).toMatchObject({ statusCode: 400 });
    expect(await client.post('series', { 'match[]': listed(4_096) })).toMatchObject({ statusCode: 400 });
    expect(await client.post('query', { query: listed(70_000) })).toMatchObject({ statusCode: 422 });
  });
});

describe('the routes', () => {
  it('can be read without the token, as the other routes that read, but not through a name of another site', async () => {
    client = await openPromClient({
      directory: directoryOf(many(1)),
      boundToLoopback: false,
      token: async () => 'secret',
    });
    expect(await client.get('query', { query: '1' })).toMatchObject({ statusCode: 200 });
    await client.app.close();
    client = await openPromClient({ directory: directoryOf(many(1)) });
    const url = '/prometheus/api/v1/query?query=1';
    const response = await client.app.inject({ url, headers: { host: 'evil.example' } });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ status: 'error', errorType: 'unauthorized' });
    expect((await client.app.inject(url)).headers['cache-control']).toBe('no-store');
  });

  it('answer an error nobody foresaw without its text, and log it', async () => {
    const broken: DemandModelView = {
      ...learned,
      forecast: () => {
        throw new TypeError('secret');
      },
    };
    client = await openPromClient({ directory: directoryOf([workloadOf(broken)]) });
    const answer = await client.get('query', { query: 'forescale_forecast', time: nowSeconds + 600 });
    expect(answer).toMatchObject({ statusCode: 500, status: 'error', errorType: 'internal' });
    expect(answer.error).not.toContain('secret');
  });
});
