import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { detailMetrics } from '../../../../src/api/prometheus/series/details.ts';
import { createScalerMetrics, workloadMetrics } from '../../../../src/scaler/index.ts';
import { textOf } from '../../scaler/metrics/scraped.ts';
import { directoryOf, goodOutcome, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

const workload = workloadOf(modelOf(taught(2)), { horizonSeconds: 86_400, outcome: () => goodOutcome });
const directory = directoryOf([workload]);

let client: PromClient;
beforeAll(async () => {
  client = await openPromClient({ directory });
});
afterAll(() => client.app.close());

it('answers as of now what /metrics tells of a workload that is asked for by name', async () => {
  const scrape = createScalerMetrics(new Registry(), '1.2.3').scrapeWorkloads([workload], nowSeconds);
  const scraped = new Map(
    [
      ...(await textOf(scrape)).matchAll(
        /^(\w+)\{namespace="shop",name="checkout",trigger="a1b2c3d4",?(.*)\} (.*)$/gm,
      ),
    ].map(([, name, labels, value]) => [`${name}{${labels}}`, Number(value)]),
  );
  for (const name of Object.keys(detailMetrics)) {
    const { data } = await client.get('query', { query: name, time: nowSeconds });
    const answered = (data?.result ?? []).map(({ metric, value }) => {
      const { __name__, namespace, workload: of, ...labels } = metric;
      expect([__name__, namespace, of]).toEqual([name, 'shop', 'checkout']);
      const { horizon, ...others } = labels;
      const ordered = Object.entries({ ...(horizon === undefined ? {} : { horizon }), ...others });
      return [
        `${name}{${ordered.map(([label, text]) => `${label}="${text}"`).join(',')}}`,
        Number(value[1]),
      ] as const;
    });
    expect(answered.length, name).toBeGreaterThan(0);
    // The scrape has some of the horizons.
    const both = answered.filter(([series]) => scraped.has(series));
    expect(both.length, name).toBeGreaterThan(0);
    for (const [series, value] of both) expect(value, series).toBe(scraped.get(series));
  }
});

it('has the details that a scrape leaves out, in part or wholly, in the same words', () => {
  const leftOut = Object.entries(workloadMetrics).filter(([, metric]) => 'asked' in metric);
  const { forescale_forecast, ...details } = Object.fromEntries(leftOut);
  expect(forescale_forecast).toBeDefined();
  expect(Object.keys(detailMetrics).sort()).toEqual(Object.keys(details).sort());
  for (const [name, { help }] of Object.entries(details)) {
    expect(detailMetrics[name]?.help).toBe(`${help}. It has no values in the past and in the future.`);
  }
});

it('knows nothing of a detail an hour ago or ahead, and nothing of details that nobody names', async () => {
  for (const time of [nowSeconds - 3_600, nowSeconds + 3_600]) {
    const { data } = await client.get('query', { query: 'forescale_lead_time_seconds', time });
    expect(data?.result).toEqual([]);
  }
  const named = await client.get('query', { query: '{workload="checkout"}', time: nowSeconds });
  const names = new Set(named.data?.result.map(({ metric }) => metric['__name__']));
  expect([...names].filter((name = '') => name in detailMetrics)).toEqual([]);
  expect(names.size).toBeGreaterThan(3);
  const both = '{__name__=~"forescale_active|forescale_signal"}';
  const asked = await client.get('query', { query: both, time: nowSeconds });
  expect(asked.data?.result.map(({ metric }) => metric['__name__'])).toEqual([
    'forescale_signal',
    'forescale_active',
  ]);
});
