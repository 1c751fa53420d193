import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedMetrics } from '../../../../src/api/prometheus/series/metrics.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

const learned = modelOf(taught(9));
const metrics = [
  'forescale_forecast',
  'forescale_observed',
  'forescale_peak',
  'forescale_replicas_asked',
  'forescale_signal',
];

let client: PromClient;
beforeAll(async () => {
  client = await openPromClient({
    directory: directoryOf([
      workloadOf(learned),
      workloadOf(learned, { name: 'web' }),
      workloadOf(modelOf(taught(0)), { namespace: 'bank', name: 'young', decision: () => undefined }),
    ]),
  });
});
afterAll(() => client.app.close());

describe('series', () => {
  it('are those that have a value now, each once, by GET and by POST', async () => {
    const asked = {
      'match[]': ['{workload="web"}', 'forescale_signal'],
      start: nowSeconds - 60,
      end: nowSeconds,
    };
    const found = await client.list('series', asked);
    expect(found).toHaveLength(4 + 4 + 1);
    expect(found).toContainEqual({
      __name__: 'forescale_forecast',
      namespace: 'shop',
      quantile: '0.99',
      workload: 'web',
    });
    expect((await client.post('series', asked)).data).toEqual(found);
    expect(await client.list('series', { 'match[]': 'forescale_observed' })).toHaveLength(3);
    expect(await client.list('series', { 'match[]': 'forescale_peak{namespace="bank"}' })).toEqual([]);
  });

  it('are each answered by a query for just their labels', async () => {
    const found = (await client.list('series', { 'match[]': '{__name__=~".+"}' })) as Record<
      string,
      string
    >[];
    expect(found.length).toBeGreaterThan(15);
    for (const labels of found) {
      const query = `{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`)}}`;
      const { data } = await client.get('query', { query, time: nowSeconds + 60 });
      expect([query, data?.result.map(({ metric }) => metric)]).toEqual([query, [labels]]);
    }
  });

  it('are refused without a selector, and with what is none', async () => {
    expect(await client.get('series')).toMatchObject({
      statusCode: 400,
      errorType: 'bad_data',
      error: 'no match[] parameter provided',
    });
    expect(await client.get('series', { 'match[]': 'sum(x)' })).toMatchObject({ statusCode: 400 });
    expect(await client.get('series', { 'match[]': 'x', start: '2', end: '1' })).toMatchObject({
      statusCode: 400,
    });
    const many = Array.from({ length: 101 }, () => 'x');
    expect(await client.get('series', { 'match[]': many })).toMatchObject({ statusCode: 400 });
  });
});

describe('labels and their values', () => {
  it('are listed in order, for Grafana’s query editor and variables', async () => {
    const names = ['__name__', 'namespace', 'quantile', 'workload'];
    expect(await client.list('labels')).toEqual(names);
    expect((await client.post('labels', { start: nowSeconds - 60, end: nowSeconds })).data).toEqual(names);
    expect(await client.list('labels', { 'match[]': 'forescale_signal' })).not.toContain('quantile');
    const span = { limit: 40_000, start: nowSeconds - 3_600, end: nowSeconds };
    expect(await client.list('label/__name__/values', span)).toEqual(metrics);
    expect(await client.list('label/workload/values')).toEqual(['checkout', 'web', 'young']);
    expect(await client.list('label/workload/values', { 'match[]': '{namespace="shop"}' })).toEqual([
      'checkout',
      'web',
    ]);
    expect(await client.list('label/quantile/values')).toEqual(['0.5', '0.9', '0.95', '0.99']);
    expect(await client.list('label/pod/values')).toEqual([]);
    expect(await client.get('label/a-b/values')).toMatchObject({
      statusCode: 400,
      error: 'invalid label name: "a-b"',
    });
  });

  it('end at a limit, and say so', async () => {
    const { data, warnings } = await client.get('label/__name__/values', { limit: 2 });
    expect(data).toEqual(metrics.slice(0, 2));
    expect(warnings).toEqual(['results truncated due to limit']);
  });
});

describe('what Grafana asks beside data', () => {
  it('is answered: metadata, a version that is no Mimir’s, no rules and no exemplars', async () => {
    const metadata = (await client.get('metadata', { limit: 40_000 })).data as unknown as Record<
      string,
      object[]
    >;
    expect(Object.keys(metadata)).toEqual(Object.keys(servedMetrics));
    expect(metrics.every((name) => name in metadata)).toBe(true);
    for (const entries of Object.values(metadata)) {
      expect(entries).toEqual([{ type: 'gauge', help: expect.stringMatching(/^[A-Z1].*\.$/), unit: '' }]);
    }
    expect(Object.keys((await client.get('metadata', { metric: 'forescale_peak' })).data ?? {})).toHaveLength(
      1,
    );
    const { data } = await client.get('status/buildinfo');
    expect(data).toMatchObject({ version: '1.2.3', application: 'Forescale' });
    expect(data).not.toHaveProperty('features');
    expect(await client.get('rules')).toMatchObject({ statusCode: 200, data: { groups: [] } });
    const exemplars = { query: 'test', start: nowSeconds * 1000, end: nowSeconds * 1000 };
    expect(await client.get('query_exemplars', exemplars)).toMatchObject({ statusCode: 200, data: [] });
    expect(await client.post('query_exemplars', exemplars)).toMatchObject({ statusCode: 200, data: [] });
  });
});
