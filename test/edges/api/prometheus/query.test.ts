import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryOf, goodDecision, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

const learned = modelOf(taught(9));
const workloads = [
  workloadOf(learned),
  workloadOf(learned, { name: 'web', decision: () => ({ ...goodDecision, signal: 240 }) }),
  workloadOf(learned, { namespace: 'bank', name: 'ledger', threshold: 10 }),
  workloadOf(modelOf(taught(0)), {
    namespace: 'bank',
    name: 'young',
    decision: () => ({ ...goodDecision, signal: 30, predictedPeak: undefined, fallbackReasons: ['is new'] }),
  }),
  workloadOf(modelOf(taught(0), { observed: () => undefined }), { name: 'gone', decision: () => undefined }),
];
const soon = nowSeconds + 3_600;

let client: PromClient;
beforeAll(async () => {
  client = await openPromClient({ directory: directoryOf(workloads) });
});
afterAll(() => client.app.close());

/** Values of a vector by the workload of each series. */
async function byWorkload(query: string, time: number = nowSeconds): Promise<Record<string, number>> {
  const { data } = await client.get('query', { query, time });
  return Object.fromEntries(
    data?.result.map(({ metric, value }) => [metric['workload'] ?? '', Number(value[1])]) ?? [],
  );
}

describe('GET and POST query', () => {
  it('answer what Grafana sends to test a data source, by either method', async () => {
    const scalar = { statusCode: 200, status: 'success', data: { resultType: 'scalar', result: [4, '2'] } };
    expect(await client.get('query', { query: '1+1', time: '4' })).toEqual(scalar);
    expect(await client.post('query', { query: '1+1', time: '4' })).toEqual(scalar);
  });

  it('answer exactly what KEDA’s prometheus trigger asks with one series, of what KEDA is told over gRPC', async () => {
    // pkg/scalers/prometheus_scaler.go: ExecutePromQuery; parameters of the trigger are added to the URL.
    const time = new Date(nowSeconds * 1000).toISOString().replace('.000', '');
    const query = encodeURIComponent('forescale_signal{namespace="shop",workload="checkout"}');
    const response = await client.app.inject({
      url: `/prometheus/api/v1/query?query=${query}&time=${time}&namespace=shop`,
      headers: { authorization: 'Bearer whatever', 'x-scope-orgid': 'shop' },
    });
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.json()).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          {
            metric: { __name__: 'forescale_signal', namespace: 'shop', workload: 'checkout' },
            value: [nowSeconds, '160'],
          },
        ],
      },
    });
  });

  it('tell for each workload what is observed, asked and expected now', async () => {
    expect(await byWorkload('forescale_signal')).toEqual({ checkout: 160, web: 240, ledger: 160, young: 30 });
    expect(await byWorkload('forescale_replicas_asked')).toEqual({
      checkout: 8,
      web: 12,
      ledger: 16,
      young: 2,
    });
    expect(await byWorkload('forescale_peak')).toEqual({ checkout: 158.25, web: 158.25, ledger: 158.25 });
    const observed = await byWorkload('forescale_observed');
    expect(Object.keys(observed)).toEqual(['checkout', 'web', 'ledger', 'young']);
  });

  it('take a clock that is minutes off for now, so that KEDA never reads that nothing is asked for', async () => {
    for (const seconds of [-240, -1, 1, 240]) {
      const signals = await byWorkload('forescale_signal', nowSeconds + seconds);
      expect(signals, `${seconds}`).toMatchObject({ checkout: 160 });
    }
    expect(await byWorkload('forescale_signal', nowSeconds + 301)).toEqual({});
    expect(await byWorkload('forescale_signal', nowSeconds - 301)).toEqual({});
  });

  it('forecast a moment in the future as the forecast route does, at its quantiles and at any that is named', async () => {
    const route = '/api/v1/workloads/shop/checkout/forecast?horizon=1h&quantiles=';
    const usual = (await client.app.inject(`${route}0.5,0.9,0.95,0.99`)).json().points.at(-1);
    const query = 'forescale_forecast{workload="checkout"}';
    const { data } = await client.get('query', { query, time: soon });
    const values = Object.fromEntries(
      data?.result.map(({ metric, value }) => [metric['quantile'], Number(value[1])]) ?? [],
    );
    expect(usual.t).toBe(soon);
    expect(values).toEqual(usual.quantiles);
    const other = (await client.app.inject(`${route}0.1,0.5,0.9,0.95,0.975,0.99`)).json().points.at(-1);
    const named = (matcher: string) =>
      byWorkload(`forescale_forecast{workload="checkout", quantile${matcher}}`, soon);
    expect(await named('="0.975"')).toEqual({ checkout: other.quantiles['0.975'] });
    expect(await named('=~"0.1|bad"')).toEqual({ checkout: other.quantiles['0.1'] });
    for (const none of ['="0.10"', '="1"', '="0"', '="x"', '=~"0.1(0)?1"'])
      expect(await named(none)).toEqual({});
  });

  it('read ahead and back by offset as by time', async () => {
    const query = 'forescale_forecast{workload="web", quantile="0.9"}';
    const ahead = await byWorkload(query, soon);
    expect(Object.keys(ahead)).toEqual(['web']);
    expect(await byWorkload(`${query} offset -1h`)).toEqual(ahead);
    expect(await byWorkload(`${query} offset 2h`, soon + 7_200)).toEqual(ahead);
    expect(await byWorkload(`${query} offset 1h`)).toEqual({});
  });

  it('select by matchers of labels, of names and of labels that are not there', async () => {
    expect(Object.keys(await byWorkload('forescale_signal{namespace="bank"}'))).toEqual(['ledger', 'young']);
    expect(Object.keys(await byWorkload('forescale_signal{workload!="web"}'))).toHaveLength(3);
    expect(Object.keys(await byWorkload('forescale_signal{workload=~"w.*|ledger"}'))).toEqual([
      'web',
      'ledger',
    ]);
    expect(Object.keys(await byWorkload('forescale_signal{workload=~"eb"}'))).toEqual([]);
    expect(Object.keys(await byWorkload('forescale_signal{workload!~"w.*"}'))).not.toContain('web');
    expect(Object.keys(await byWorkload('forescale_signal{trigger="", pod=""}'))).toHaveLength(4);
    expect(Object.keys(await byWorkload('forescale_signal{pod="a"}'))).toEqual([]);
    const { data } = await client.get('query', {
      query: '{workload="web", __name__!~".*_forecast"}',
      time: nowSeconds,
    });
    expect(data?.result.map(({ metric }) => metric['__name__'])).toEqual([
      'forescale_observed',
      'forescale_peak',
      'forescale_signal',
      'forescale_replicas_asked',
    ]);
  });

  it('aggregate over workloads, with the labels that are asked for and no name', async () => {
    const groups = async (query: string) => {
      const { data } = await client.get('query', { query, time: nowSeconds });
      return data?.result.map(({ metric, value }) => [metric, Number(value[1])]);
    };
    expect(await groups('sum(forescale_signal)')).toEqual([[{}, 590]]);
    expect(await groups('sum by (namespace) (forescale_signal)')).toEqual([
      [{ namespace: 'shop' }, 400],
      [{ namespace: 'bank' }, 190],
    ]);
    expect(await groups('avg without (workload) (forescale_signal)')).toEqual([
      [{ namespace: 'shop' }, 200],
      [{ namespace: 'bank' }, 95],
    ]);
    expect(await groups('min(forescale_signal)')).toEqual([[{}, 30]]);
    expect(await groups('max(min by (namespace) (forescale_signal))')).toEqual([[{}, 160]]);
    expect(await groups('max by (nothing) (forescale_signal{workload="no"})')).toEqual([]);
  });

  it('tell triggers apart by a label only where one ScaledObject asks two things', async () => {
    const two = await openPromClient({
      directory: directoryOf([
        workloadOf(learned),
        workloadOf(learned, { trigger: 'ffff0000' }),
        workloadOf(learned, { name: 'web' }),
      ]),
    });
    const { data } = await two.get('query', { query: 'forescale_signal', time: nowSeconds });
    expect(data?.result.map(({ metric }) => metric['trigger'])).toEqual(['a1b2c3d4', 'ffff0000', undefined]);
    const one = await two.get('query', { query: 'forescale_signal{trigger="ffff0000"}', time: nowSeconds });
    expect(one.data?.result).toHaveLength(1);
    await two.app.close();
  });

  it('warn of what is not there: forecasts that are learned, decisions that are not made, names that are none', async () => {
    const warned = async (query: string, time: number) =>
      (await client.get('query', { query, time })).warnings;
    expect(await warned('forescale_forecast{namespace="bank"}', soon)).toEqual([
      expect.stringMatching(/^bank\/young: there is no forecast: it has .* of history/),
    ]);
    expect(await warned('forescale_peak{namespace="bank"}', soon)).toEqual([
      'bank/young: there is no bound of a peak: is new',
    ]);
    expect(await warned('forescale_signal{workload="gone"}', nowSeconds)).toEqual([
      'shop/gone: nothing is served: KEDA gets an error and keeps the replicas, or its fallback acts',
    ]);
    expect(await warned('forecale_signal', nowSeconds)).toEqual([
      expect.stringContaining('no metric here is named forecale_signal; there are forescale_observed'),
    ]);
    expect(await warned('forescale_signal{workload="web"}', nowSeconds)).toBeUndefined();
  });

  it('leave out what is beyond the limit, and say so', async () => {
    const { data, warnings } = await client.get('query', {
      query: 'forescale_signal',
      time: nowSeconds,
      limit: 2,
    });
    expect(data?.result).toHaveLength(2);
    expect(warnings).toEqual(['results truncated due to limit']);
    const all = await client.get('query', {
      query: 'forescale_signal{namespace="shop", workload!="gone"}',
      time: nowSeconds,
      limit: 2,
    });
    expect(all.warnings).toBeUndefined();
    expect(await client.get('query', { query: '1', limit: '-1' })).toMatchObject({ statusCode: 400 });
  });

  it('take now where no time is given, and texts as they are', async () => {
    expect((await client.get('query', { query: '7' })).data).toEqual({
      resultType: 'scalar',
      result: [nowSeconds, '7'],
    });
    expect((await client.get('query', { query: '"a\\nb"', time: '1.5' })).data).toEqual({
      resultType: 'string',
      result: [1.5, 'a\nb'],
    });
    expect((await client.get('query', { query: '-1/0', time: '0' })).data?.result).toEqual([0, '-Inf']);
  });

  it('refuse in Prometheus’ shape: 400 what is no PromQL, 422 what is more of it than is answered', async () => {
    expect(await client.get('query', { query: 'foo(' })).toEqual({
      statusCode: 400,
      status: 'error',
      errorType: 'bad_data',
      error: 'invalid parameter "query": 1:4: parse error: unexpected "("',
    });
    expect(await client.post('query', { query: 'rate(forescale_signal[5m])' })).toMatchObject({
      statusCode: 422,
      status: 'error',
      errorType: 'execution',
      error: expect.stringContaining('max, min, sum and avg of them, by or without labels'),
    });
    expect(await client.get('query', { query: '1', time: 'noon' })).toMatchObject({
      statusCode: 400,
      error: expect.stringContaining('cannot parse "noon" to a valid timestamp'),
    });
    expect(await client.get('query', {})).toMatchObject({ statusCode: 400, errorType: 'bad_data' });
    expect(await client.get('query', { query: ['1', '2'] })).toMatchObject({ statusCode: 400 });
    for (const timeout of ['soon', '-1', '0'])
      expect(await client.get('query', { query: '1', timeout })).toMatchObject({ statusCode: 400 });
    expect(await client.get('nothing')).toMatchObject({ statusCode: 404, errorType: 'not_found' });
    const json = await client.app.inject({
      method: 'POST',
      url: '/prometheus/api/v1/query',
      payload: { query: '1' },
    });
    expect(json.statusCode).toBe(400);
    expect(json.json().error).toContain('application/x-www-form-urlencoded');
  });
});
