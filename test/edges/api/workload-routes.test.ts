import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import {
  apiOptions,
  demandAt,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  problemOf,
  stepSeconds,
  taught,
  workloadOf,
} from './fixture.ts';

const checkout = '/api/v1/workloads/shop/checkout';

describe('workload routes', () => {
  let app: ApiInstance;
  beforeAll(async () => {
    const model = modelOf(taught(9));
    const empty = modelOf(taught(0));
    const workloads = [
      workloadOf(model, { outcome: () => goodOutcome }),
      workloadOf(model, { name: 'cart', trigger: 'first', unit: undefined }),
      workloadOf(model, { name: 'cart', trigger: 'second' }),
      workloadOf(empty, { namespace: 'new', name: 'born', decision: () => undefined }),
    ];
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads) }));
  });
  afterAll(() => app.close());

  const get = async (url: string) => {
    const response = await app.inject(url);
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };

  it('tells what KEDA is told and why', async () => {
    const status = await get(checkout);
    expect(status).toMatchObject({
      state: 'trusted',
      headline: 'Trusted: the forecast asks for more than is observed now',
      reasons: [],
      threshold: 20,
      replicasAsked: 8,
      newestRowAt: nowSeconds,
      observed: { at: nowSeconds },
      decision: {
        at: nowSeconds,
        signal: 160,
        predictedPeak: 158.25,
        trust: 1,
        basis: 'forecast',
        fallbackReasons: [],
      },
      health: { state: 'fresh', lastError: null },
      warnings: [],
    });
  });

  it.each([
    checkout,
    `${checkout}/forecast`,
    `${checkout}/history`,
    `${checkout}/explain`,
    `${checkout}/outcome`,
    `${checkout}/accuracy`,
  ])('says at %s what demand is counted in, where the trigger does', async (url) => {
    expect(await get(url)).toMatchObject({ unit: 'requests/s' });
    expect(await get(`${url.replace('checkout', 'cart')}?trigger=first`)).not.toHaveProperty('unit');
  });

  it('says null where there is nothing yet', async () => {
    expect(await get('/api/v1/workloads/new/born')).toMatchObject({
      newestRowAt: null,
      decision: null,
      replicasAsked: null,
    });
  });

  it('forecasts in the shape of the command', async () => {
    const forecast = await get(`${checkout}/forecast?horizon=2h&quantiles=0.5,0.9`);
    expect(forecast).toMatchObject({ status: 'ok', reasons: [], origin: nowSeconds, stepSeconds });
    expect(forecast.points).toHaveLength(24);
    expect(forecast.points[0].t).toBe(nowSeconds + stepSeconds);
    for (const { median, quantiles } of forecast.points) {
      expect(Object.keys(quantiles).sort()).toEqual(['0.5', '0.9']);
      expect(median).toBe(quantiles['0.5']);
      expect(quantiles['0.9']).toBeGreaterThanOrEqual(median);
    }
  });

  it('forecasts the trigger’s own horizon when none is asked for, and leaves out what is no whole step', async () => {
    expect((await get(`${checkout}/forecast`)).points).toHaveLength(24);
    expect((await get(`${checkout}/forecast?horizon=14m`)).points).toHaveLength(2);
  });

  it('answers "learning" with reasons before there is a forecast', async () => {
    const forecast = await get('/api/v1/workloads/new/born/forecast');
    expect(forecast).toMatchObject({ status: 'learning', points: [], seasons: [], origin: null });
    expect(forecast.reasons.length).toBeGreaterThan(0);
  });

  it('tells the history of a range, in a shape that can be sent back', async () => {
    const history = await get(`${checkout}/history?range=1h`);
    expect(history).toMatchObject({ from: nowSeconds - 3600, to: nowSeconds, stepSeconds });
    expect(history.timestamps.at(-1)).toBe(nowSeconds);
    expect(history.values.at(-1)).toBeCloseTo(demandAt(nowSeconds), 1);
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/forecasts',
      payload: { data: { timestamps: history.timestamps, values: history.values }, horizon: '1h' },
    });
    expect(answer.statusCode, answer.body).toBe(200);
  });

  it('takes moments as unix seconds and as ISO', async () => {
    const unix = await get(`${checkout}/history?from=${nowSeconds - 7200}&to=${nowSeconds - 3600}`);
    const iso = await get(`${checkout}/history?from=2026-01-06T07:00Z&to=2026-01-06T08:00:00`);
    expect(iso).toEqual(unix);
    expect(unix.timestamps.length).toBeGreaterThanOrEqual(12);
  });

  it('tells what was achieved beside the reactive rule, and what to do', async () => {
    const outcome = await get(`${checkout}/outcome`);
    expect(outcome).toMatchObject({
      namespace: 'shop',
      name: 'checkout',
      mode: 'active',
      status: 'ok',
      summary: expect.stringMatching(/^Over the last 7 days demand was above .* for 1h31m/),
      until: nowSeconds - 60,
      serviceLevel: 0.99,
      askedLevel: 0.972,
      askedFactor: 1,
      headroom: 1.45,
      trust: 1,
      leadTimeSeconds: 120,
      budgetLeftRatio: expect.closeTo(0.1, 9),
      advice: [{ code: 'leave-on' }],
    });
    expect(outcome.windows.map(({ window }: { window: string }) => window)).toEqual(['1h', '1d', '7d']);
    expect(outcome.windows[2]).toEqual({
      window: '7d',
      windowSeconds: 604_800,
      knownSeconds: 604_800,
      forescale: {
        achievedService: expect.closeTo(0.991, 9),
        shortSeconds: expect.closeTo(5_443.2, 6),
        replicaHours: expect.closeTo(6.4 * 168, 6),
      },
      reactive: {
        achievedService: expect.closeTo(0.92, 9),
        shortSeconds: expect.closeTo(48_384, 6),
        replicaHours: expect.closeTo(6 * 168, 6),
      },
    });
  });

  it('advises by what the cluster says: the lead time, and the bound of the HPA below the next peak', async () => {
    const cluster = workloadOf(modelOf(taught(0))).cluster();
    const leadTime = { ...cluster.leadTime, warning: 'leadTime: 10s is far from 95s' };
    const replicas = { current: 5, desired: 5, ready: 5, fewest: 1, most: 8, atSeconds: nowSeconds };
    const workload = workloadOf(modelOf(taught(9)), {
      outcome: () => goodOutcome,
      cluster: () => ({ ...cluster, leadTime, replicas }),
    });
    const one = await createApiApp(apiOptions({ directory: directoryOf([workload]) }));
    const { advice } = (await one.inject(`${checkout}/outcome`)).json();
    await one.close();
    expect(advice.map(({ code }: { code: string }) => code)).toEqual([
      'leave-on',
      'lead-time',
      'max-replicas',
    ]);
    expect(advice[2].message).toMatch(
      /^Raise maxReplicaCount from 8: .*, 2\d\d(?:\.\d)?, needs 1[01] replicas\.$/,
    );
  });

  it('says that nothing is achieved yet where nothing could be played', async () => {
    expect(await get('/api/v1/workloads/new/born/outcome')).toMatchObject({
      status: 'learning',
      summary: 'No decision could be played yet, because there is no forecast of this workload.',
      until: null,
      askedLevel: null,
      windows: [],
      advice: [],
    });
  });

  it('tells the accuracy by horizon, null where a ratio has no denominator', async () => {
    const accuracy = await get(`${checkout}/accuracy`);
    expect(accuracy.horizons.length).toBeGreaterThan(0);
    expect(accuracy.horizons[0]).toMatchObject({ horizonSeconds: expect.any(Number) });
    const odd = modelOf(taught(0), {
      accuracy: () => [
        {
          horizonSeconds: 300,
          count: 1,
          wape: Number.NaN,
          bias: Number.POSITIVE_INFINITY,
          relativeToPersistence: Number.NaN,
          relativeToSeasonalNaive: Number.NaN,
          coverage: { '0.9': Number.NaN },
          pinball: {},
          weights: {},
          distrust: [],
        },
      ],
    });
    const other = await createApiApp(apiOptions({ directory: directoryOf([workloadOf(odd)]) }));
    const answer = (await other.inject(`${checkout}/accuracy`)).json();
    expect(answer.horizons).toEqual([
      {
        horizonSeconds: 300,
        count: 1,
        wape: null,
        bias: null,
        relativeToPersistence: null,
        relativeToSeasonalNaive: null,
        coverage: {},
        pinball: {},
        weights: {},
        distrust: [],
      },
    ]);
    await other.close();
  });

  it('shows the settings that KEDA asked for last where an edit of a trigger was undone', async () => {
    const model = modelOf(taught(0));
    const of = (unit: string, secondsAgo: number | undefined) =>
      workloadOf(model, {
        unit,
        asked: () => (secondsAgo === undefined ? undefined : { replica: 'a', secondsAgo }),
      });
    const edits = [of('never', undefined), of('undone', 5), of('edited', 20)];
    const undone = await createApiApp(apiOptions({ directory: directoryOf(edits) }));
    try {
      for (const query of ['', '?trigger=a1b2c3d4']) {
        const answer = await undone.inject(`/api/v1/workloads/shop/checkout${query}`);
        expect(answer.json()).toMatchObject({ unit: 'undone' });
      }
    } finally {
      await undone.close();
    }
  });

  it('asks which trigger where several share a name', async () => {
    const problem = await problemOf(app, '/api/v1/workloads/shop/cart');
    expect(problem).toMatchObject({ status: 400, code: 'invalid-argument' });
    expect(problem.detail).toContain('first');
    expect(problem.detail).toContain('second');
    expect(problem.faults[0]?.field).toBe('trigger');
    expect(await get('/api/v1/workloads/shop/cart?trigger=second')).toMatchObject({ trigger: 'second' });
    expect(await problemOf(app, '/api/v1/workloads/shop/cart?trigger=third')).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it.each([
    ['a workload nobody asked for', '/api/v1/workloads/shop/none', 404, 'not-found', 'shop/none'],
    ['a horizon that is no duration', `${checkout}/forecast?horizon=soon`, 400, 'invalid-argument', '90s'],
    ['a horizon below one step', `${checkout}/forecast?horizon=1m`, 400, 'invalid-argument', '5m'],
    [
      'a horizon of more points than allowed',
      `${checkout}/forecast?horizon=30d`,
      400,
      'invalid-argument',
      '7d',
    ],
    ['a quantile of one', `${checkout}/forecast?quantiles=0.5,1`, 400, 'invalid-argument', '0.5,1'],
    ['a parameter twice', `${checkout}/forecast?horizon=1h&horizon=2h`, 400, 'invalid-argument', 'horizon'],
    [
      'a misspelt parameter',
      `${checkout}/forecast?horizn=1h`,
      400,
      'invalid-argument',
      'did you mean "horizon"?',
    ],
    ['from after to', `${checkout}/history?from=200&to=100`, 400, 'invalid-argument', 'from (200)'],
    ['from and range', `${checkout}/history?from=100&range=1h`, 400, 'invalid-argument', 'exclude'],
    ['a moment in milliseconds', `${checkout}/history?from=1767690000000`, 400, 'invalid-argument', 'from'],
    ['more history than allowed', `${checkout}/history?from=0`, 413, 'too-large', 'shorter'],
    ['a limit that is no number', '/api/v1/workloads?limit=many', 400, 'invalid-argument', 'limit'],
  ])('refuses %s', async (_what, url, status, code, word) => {
    const problem = await problemOf(app, url);
    expect(problem).toMatchObject({ status, code });
    expect(problem.contentType).toMatch(/^application\/problem\+json/);
    expect(problem.detail).toContain(word);
  });

  it('lists every error of a request at once', async () => {
    const { faults } = await problemOf(app, `${checkout}/forecast?horizon=soon&quantiles=2&colour=red`);
    expect(faults.map((fault) => fault.field).sort()).toEqual(['colour', 'horizon', 'quantiles']);
  });

  it('answers from memory: a slow source delays nothing', async () => {
    const silent = await createApiApp(
      apiOptions({
        directory: directoryOf([workloadOf(modelOf(taught(1)), { decision: () => goodDecision })]),
        adHoc: { history: () => new Promise(() => {}) },
      }),
    );
    expect((await silent.inject(checkout)).statusCode).toBe(200);
    await silent.close();
  });
});
