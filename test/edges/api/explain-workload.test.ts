import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { Decision } from '../../../src/forecast/workload-view.ts';
import {
  apiOptions,
  directoryOf,
  goodDecision,
  modelOf,
  nowSeconds,
  problemOf,
  taught,
  workloadOf,
} from './fixture.ts';

const explain = '/api/v1/workloads/shop/checkout/explain';

interface ExplainAnswer {
  readonly summary: string;
  readonly state: string;
  readonly decision: { readonly predictedPeak: number | null } | null;
  readonly forecast: {
    readonly status: string;
    readonly summary: string;
    readonly value: number | null;
    readonly windowSeconds: number | null;
    readonly components: readonly {
      readonly name: string;
      readonly value: number;
      readonly meaning: string;
    }[];
    readonly accuracy: { readonly horizonSeconds: number; readonly distrust: readonly string[] } | null;
  };
}

describe('the explain route', () => {
  const model = modelOf(taught(9));
  const { windowSeconds } = goodDecision;
  const peak = model.peak({ windowSeconds, quantiles: [0.5, 0.99] });
  const predictedPeak = peak.status === 'ok' ? peak.quantiles['0.99'] : undefined;
  const decided: Decision = { ...goodDecision, predictedPeak, signal: predictedPeak ?? 0 };
  let app: ApiInstance;
  beforeAll(async () => {
    const workloads = [
      workloadOf(model, { decision: () => decided }),
      workloadOf(model, {
        name: 'late',
        decision: () => ({ ...decided, atSeconds: nowSeconds + 240, dataAgeSeconds: 300 }),
      }),
      workloadOf(modelOf(taught(0)), {
        namespace: 'new',
        name: 'learning',
        decision: () => ({
          ...goodDecision,
          basis: 'observed',
          signal: 40,
          wanted: 40,
          observed: 40,
          predictedPeak: undefined,
          trust: undefined,
          fallbackReasons: ['has 6h of history, a forecast needs 2 days'],
        }),
      }),
      workloadOf(
        modelOf(taught(0), {
          observed: () => undefined,
          health: () => ({
            state: 'blind',
            lastSuccessSeconds: undefined,
            lastError: { code: 'source-unreachable', message: 'connection refused', atSeconds: nowSeconds },
            rows: 0,
            warnings: [],
          }),
        }),
        { namespace: 'new', name: 'born', decision: () => undefined },
      ),
    ];
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads) }));
  });
  afterAll(() => app.close());

  const get = async (url: string) => {
    const response = await app.inject(url);
    expect(response.statusCode, response.body).toBe(200);
    return response.json<ExplainAnswer>();
  };
  const sumOf = ({ forecast }: ExplainAnswer) =>
    forecast.components.reduce((sum, { value }) => sum + value, 0);

  it('takes apart the very bound that was decided on', async () => {
    const answer = await get(explain);
    expect(predictedPeak).toBeGreaterThan(0);
    expect(answer).toMatchObject({
      namespace: 'shop',
      name: 'checkout',
      state: 'trusted',
      threshold: 20,
      replicasAsked: Math.ceil((predictedPeak ?? 0) / 20),
      decision: { predictedPeak, basis: 'forecast', trust: 1, windowSeconds, dataAgeSeconds: 0 },
      forecast: { status: 'ok', reasons: [], windowSeconds, quantile: 0.99, value: predictedPeak },
    });
    expect(sumOf(answer)).toBeCloseTo(predictedPeak ?? Number.NaN, 9);
    expect(answer.forecast.components.map(({ name }) => name)).toEqual([
      'level',
      'day',
      'week',
      'deviation',
      'shared',
      'event',
      'safetyMargin',
    ]);
    expect(answer.forecast.components.every(({ meaning }) => meaning.length > 10)).toBe(true);
  });

  it('says what KEDA is told, which rule decided and what changes it most from the usual level', async () => {
    const { summary, forecast } = await get(explain);
    expect(summary).toMatch(
      /^KEDA is told [\d.]+ requests\/s \(\d+ replicas?\): the forecast decides; demand is 124\.5 now and stays at or below [\d.]+ for the next 7m \(99% sure\)\. The usual level/,
    );
    const [level, ...others] = forecast.components;
    const moving = [...others].sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
    expect(level?.name).toBe('level');
    expect(moving?.name).toBe('day');
    expect(summary).toContain('the time of day (+');
  });

  it('begins the window at the decision, however old the newest row was', async () => {
    const late = await get('/api/v1/workloads/shop/late/explain');
    const peakFrom = model.peak({ leadSeconds: 300, windowSeconds, quantiles: [0.5, 0.99] });
    expect(late.forecast.windowSeconds).toBe(windowSeconds);
    expect(late.forecast.value).toBe(peakFrom.status === 'ok' && peakFrom.quantiles['0.99']);
    expect(late).toMatchObject({ decision: { dataAgeSeconds: 300, windowSeconds } });
  });

  it('reports how well forecasts so far ahead have lately done, and the reasons to distrust them', async () => {
    const { accuracy } = (await get(explain)).forecast;
    expect(accuracy).toMatchObject({ distrust: expect.any(Array), wape: expect.any(Number) });
    expect(accuracy?.horizonSeconds).toBeLessThanOrEqual(600);
  });

  it('explains another window, a moment or another bound when asked to', async () => {
    const wider = (await get(`${explain}?window=2h&quantile=0.9`)).forecast;
    expect(wider).toMatchObject({ windowSeconds: 7200, quantile: 0.9 });
    const moment = await get(`${explain}?horizon=2h&quantile=0.5`);
    const forecast = model.forecast({ horizonSteps: 24, quantiles: [0.5] });
    expect(moment.forecast).toMatchObject({
      windowSeconds: null,
      t: nowSeconds + 7200,
      value: forecast.status === 'ok' ? forecast.median[23] : undefined,
    });
    expect(sumOf(moment)).toBeCloseTo(moment.forecast.value ?? Number.NaN, 9);
    // The signal in the summary does not change with the question.
    expect(moment.summary).toBe((await get(explain)).summary);
  });

  it('says why there is no forecast', async () => {
    const answer = await get('/api/v1/workloads/new/learning/explain');
    expect(answer.summary).toBe(
      'KEDA is told 40 requests/s (2 replicas): the observed demand of 40 decides, because there is no forecast: has 6h of history, a forecast needs 2 days.',
    );
    expect(answer).toMatchObject({
      state: 'learning',
      forecast: { status: 'learning', components: [], value: null, accuracy: null, reasons: [{}] },
    });
    expect(answer.forecast.summary).toMatch(/^No forecast yet: /);
  });

  it('says why nothing is served at all', async () => {
    const answer = await get('/api/v1/workloads/new/born/explain');
    expect(answer).toMatchObject({ state: 'unavailable', decision: null, replicasAsked: null });
    expect(answer.summary).toBe(
      'Unavailable: KEDA gets an error and keeps the replicas, or its fallback acts: connection refused.',
    );
  });

  it.each([
    ['a horizon and a window', `${explain}?horizon=1h&window=1h`, 400, 'exclude'],
    ['a horizon below one step', `${explain}?horizon=1m`, 400, '5m'],
    ['a window that is no duration', `${explain}?window=soon`, 400, '90s'],
    ['a quantile of one', `${explain}?quantile=1`, 400, 'quantile'],
    ['several quantiles', `${explain}?quantile=0.5,0.9`, 400, 'quantile'],
    ['the parameter of another route', `${explain}?quantiles=0.5`, 400, 'did you mean "quantile"?'],
    ['a workload nobody asked for', '/api/v1/workloads/shop/none/explain', 404, 'shop/none'],
  ])('refuses %s', async (_what, url, status, word) => {
    const problem = await problemOf(app, url);
    expect(problem.status).toBe(status);
    expect(problem.contentType).toMatch(/^application\/problem\+json/);
    expect(problem.detail).toContain(word);
  });
});
