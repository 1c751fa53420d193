import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PastDecision } from '../../../../src/api/ports.ts';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import {
  directoryOf,
  goodDecision,
  modelOf,
  nowSeconds,
  pastDays,
  stepSeconds,
  taught,
  workloadOf,
} from '../fixture.ts';
import { onlySeries, openPromClient, type PromClient } from './client.ts';

const hour = 3_600;
const workload = workloadOf(modelOf(taught(9)));

let client: PromClient;
beforeAll(async () => {
  client = await openPromClient({ directory: directoryOf([workload]) });
});
afterAll(() => client.app.close());

const range = (query: string, from: number, to: number, step: number | string) => ({
  query,
  start: nowSeconds + from,
  end: nowSeconds + to,
  step,
});

describe('GET and POST query_range', () => {
  it('go from the history over now into the forecast, as the JSON API tells both', async () => {
    const observed = onlySeries(
      await client.post('query_range', range('forescale_observed', -6 * hour, 6 * hour, stepSeconds)),
    );
    const history = (await client.app.inject('/api/v1/workloads/shop/checkout/history?range=6h')).json();
    expect([...observed]).toEqual(
      history.timestamps.map((time: number, i: number) => [time, history.values[i]]),
    );
    expect(observed.size).toBe(73);
    const url = '/api/v1/workloads/shop/checkout/forecast?horizon=6h';
    const { points } = (await client.app.inject(url)).json<{
      points: { t: number; quantiles: Record<string, number> }[];
    }>();
    for (const quantile of ['0.5', '0.99']) {
      const query = `forescale_forecast{quantile="${quantile}"}`;
      const forecast = onlySeries(await client.get('query_range', range(query, -6 * hour, 6 * hour, '5m')));
      expect([...forecast]).toEqual(points.map(({ t, quantiles }) => [t, quantiles[quantile]]));
      expect(forecast.size).toBe(72);
    }
  });

  it('give for a moment between two steps of the model the value of the step that it lies in', async () => {
    const query = 'forescale_forecast{quantile="0.9"}';
    const fine = onlySeries(await client.get('query_range', range(query, 0, hour, 60)));
    const coarse = onlySeries(await client.get('query_range', range(query, 0, hour, 300)));
    expect(fine.size).toBe(60);
    for (const [time, value] of fine) {
      const endOfStep = Math.ceil((time - nowSeconds) / 300) * 300 + nowSeconds;
      expect(value).toBe(coarse.get(endOfStep));
    }
  });

  it('have no moment but those asked for, and leave out series without a value', async () => {
    const { data } = await client.get(
      'query_range',
      range('{workload="checkout"}', 2 * hour, 3 * hour, 1_000),
    );
    expect(new Set(data?.result.map(({ metric }) => metric['__name__']))).toEqual(
      new Set(['forescale_forecast', 'forescale_peak']),
    );
    for (const { values } of data?.result ?? []) {
      expect(values.map(([time]) => time - nowSeconds)).toEqual([7_200, 8_200, 9_200, 10_200]);
    }
  });

  it('bound the peak ahead by what the model says of the decision window from each moment on', async () => {
    const factor = 0.9;
    const own = await openPromClient({
      directory: directoryOf([
        { ...workload, decision: () => ({ ...goodDecision, askedLevel: 0.97, askedFactor: factor }) },
      ]),
    });
    const peak = onlySeries(await own.get('query_range', range('forescale_peak', -600, 2 * hour, 150)));
    const { windowSeconds } = goodDecision;
    for (const [time, value] of peak) {
      if (time <= nowSeconds) continue;
      const asked = { windowSeconds, leadSeconds: time - nowSeconds, quantiles: [0.97] };
      const result = workload.model.peak(asked);
      expect(value).toBe(factor * (result.status === 'ok' ? (result.quantiles['0.97'] ?? 0) : 0));
    }
    expect([...peak].filter(([time]) => time <= nowSeconds).map(([, value]) => value)).toEqual([
      158.25, 158.25, 158.25,
    ]);
    expect(peak.size).toBe(3 + 48);
    await own.app.close();
  });

  it('end where the forecast does, and say so', async () => {
    const day = 24 * hour;
    const forecast = await client.get(
      'query_range',
      range('forescale_forecast{quantile="0.5"}', day, 9 * day, day),
    );
    expect(onlySeries(forecast).size).toBe(7);
    expect(forecast.warnings).toEqual(['shop/checkout: a forecast reaches 7d ahead']);
    const peak = await client.get('query_range', range('forescale_peak', hour, 9 * hour, hour));
    expect(onlySeries(peak).size).toBe(6);
    const exact = await client.get('query_range', range('forescale_peak', hour, 6 * hour + 600, 300));
    expect(onlySeries(exact).size).toBe(61);
    expect(exact.warnings).toBeUndefined();
    expect(peak.warnings).toEqual([
      'shop/checkout: the bound of a peak reaches a quarter of the shortest season ahead, which is 6h where that is a day',
    ]);
  });

  it('aggregate at each moment over the series that are there', async () => {
    const own = await openPromClient({
      directory: directoryOf([
        workload,
        workloadOf(modelOf(taught(0)), { name: 'young', decision: () => undefined }),
      ]),
    });
    const query = 'max without (quantile) (forescale_forecast)';
    const highest = onlySeries(await own.get('query_range', range(query, -hour, hour, 300)));
    const bound = onlySeries(
      await client.get('query_range', range('forescale_forecast{quantile="0.99"}', -hour, hour, 300)),
    );
    expect(highest).toEqual(bound);
    await own.app.close();
  });

  it('leave gaps where nothing was observed, and nothing of an observation that is older than five minutes', async () => {
    const forecaster = createForecaster({ stepSeconds });
    const { timestamps, values } = pastDays(1);
    const isMissing = (time: number) => time > nowSeconds - 2 * hour && time <= nowSeconds - hour;
    for (const [index, time] of timestamps.entries()) {
      forecaster.observe(time, isMissing(time) ? Number.NaN : (values[index] ?? 0));
    }
    const observed = () => ({ value: 7, atSeconds: nowSeconds + 200 });
    const own = await openPromClient({
      directory: directoryOf([workloadOf(modelOf(forecaster, { observed }))]),
      clock: () => nowSeconds + 230,
    });
    const seen = onlySeries(await own.get('query_range', range('forescale_observed', -3 * hour, hour, 50)));
    const moments = Array.from(
      { length: (4 * hour) / 50 + 1 },
      (_, index) => nowSeconds - 3 * hour + index * 50,
    );
    for (const time of moments) {
      const isAfter = time > nowSeconds && time < nowSeconds + 500;
      const isBefore = time <= nowSeconds && !isMissing(time);
      expect([time - nowSeconds, seen.has(time)]).toEqual([time - nowSeconds, isBefore || isAfter]);
      if (isAfter) expect(seen.get(time)).toBe(7);
    }
    await own.app.close();
  });

  it('give a number at every moment', async () => {
    const { data } = await client.get('query_range', { query: '2', start: '0.5', end: '2.5', step: '1' });
    expect(data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [0.5, '2'],
            [1.5, '2'],
            [2.5, '2'],
          ],
        },
      ],
    });
  });

  it('take 11,000 points and no more, and refuse what Prometheus refuses, in its words', async () => {
    const numbers = { query: '1', start: '0', step: '1' };
    const most = await client.get('query_range', { ...numbers, end: '11000' });
    expect(most.data?.result[0]?.values).toHaveLength(11_001);
    const refused = async (parameters: Record<string, string>) => {
      const { statusCode, errorType, error } = await client.get('query_range', {
        ...numbers,
        end: '60',
        ...parameters,
      });
      expect([statusCode, errorType]).toEqual([400, 'bad_data']);
      return error;
    };
    expect(await refused({ end: '11001' })).toBe(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
    expect(await refused({ step: '0' })).toBe(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
    expect(await refused({ step: 'x' })).toBe(
      'invalid parameter "step": cannot parse "x" to a valid duration',
    );
    expect(await refused({ end: '-1' })).toBe(
      'invalid parameter "end": end timestamp must not be before start time',
    );
    expect(await refused({ start: 'x' })).toBe(
      'invalid parameter "start": cannot parse "x" to a valid timestamp',
    );
    expect(await refused({ query: '"a"' })).toContain('invalid expression type "string" for range query');
  });

  it('tell of the past what the record of decisions has, and of now what is served', async () => {
    const past: PastDecision[] = [
      { atSeconds: nowSeconds - 1_200, signal: 100, predictedPeak: undefined, replicasAsked: 5 },
      { atSeconds: nowSeconds - 900, signal: 120, predictedPeak: 118, replicasAsked: 6 },
      { atSeconds: nowSeconds - 800, signal: undefined, predictedPeak: undefined, replicasAsked: undefined },
    ];
    const asked: unknown[] = [];
    const own = await openPromClient({
      directory: directoryOf([workload]),
      pastDecisions: async (...of) => {
        asked.push(of.slice(0, 2));
        return past;
      },
    });
    const read = async (query: string) =>
      [...onlySeries(await own.get('query_range', range(query, -1_500, 600, 100)))].map(([time, value]) => [
        time - nowSeconds,
        value,
      ]);
    const recorded = (...values: number[]) => values.map((value, index) => [index * 100 - 1_200, value]);
    const now = (value: number) => [-300, -200, -100, 0, 100, 200, 300].map((time) => [time, value]);
    expect(await read('forescale_signal')).toEqual([...recorded(100, 100, 100, 120), ...now(160)]);
    expect(await read('forescale_replicas_asked')).toEqual([...recorded(5, 5, 5, 6), ...now(8)]);
    expect((await read('forescale_peak')).slice(0, 5)).toEqual([[-900, 118], ...now(158.25).slice(0, 4)]);
    expect(asked[0]).toEqual([
      { namespace: 'shop', name: 'checkout', trigger: 'a1b2c3d4' },
      { fromSeconds: nowSeconds - 1_800, toSeconds: nowSeconds, stepSeconds: 100 },
    ]);
    asked.length = 0;
    await own.get('query_range', range('{workload="checkout"}', -1_500, 600, 100));
    expect(asked).toHaveLength(1);
    await own.get('query_range', range('{workload="checkout"}', 60, 600, 100));
    expect(asked).toHaveLength(1);
    await own.app.close();
  });

  it('ask the record for nothing where now is meant, and go on without it where it cannot be read', async () => {
    let asked = 0;
    const own = await openPromClient({
      directory: directoryOf([workload]),
      pastDecisions: async () => {
        asked++;
        throw new ForescaleError('overloaded', 'the record is asked too much at once; ask again');
      },
    });
    for (const time of [nowSeconds - 30, nowSeconds, nowSeconds + 30]) {
      const { data, warnings } = await own.get('query', { query: 'forescale_signal', time });
      expect([data?.result.map(({ value }) => value[1]), warnings]).toEqual([['160'], undefined]);
    }
    expect(asked).toBe(0);
    const answer = await own.get('query_range', range('forescale_signal', -hour, 0, 300));
    expect([...onlySeries(answer)]).toEqual([
      [nowSeconds - 300, 160],
      [nowSeconds, 160],
    ]);
    expect(answer.warnings).toEqual([
      'shop/checkout: past decisions cannot be read: the record is asked too much at once; ask again',
    ]);
    expect(asked).toBe(1);
    await own.app.close();
  });
});
