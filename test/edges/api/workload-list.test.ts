import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiApp } from '../../../src/api/app.ts';
import type { ApiInstance } from '../../../src/api/instance.ts';
import type { WorkloadView } from '../../../src/forecast/workload-view.ts';
import {
  apiOptions,
  directoryOf,
  goodDecision,
  goodOutcome,
  modelOf,
  nowSeconds,
  servedSpan,
  taught,
  workloadOf,
} from './fixture.ts';

const learned = modelOf(taught(9));
const short = {
  ...goodOutcome,
  windows: { ...goodOutcome.windows, '7d': servedSpan(7 * 86_400, [0.016, 7], [0.08, 6]) },
};
const blind = {
  ...goodDecision,
  fresh: false,
  basis: 'last-good' as const,
  fallbackReasons: ['no fresh data'],
};

const workloads: readonly WorkloadView[] = [
  workloadOf(learned, { name: 'web', outcome: () => goodOutcome }),
  workloadOf(learned, { name: 'cart', trigger: 'first', unit: undefined }),
  workloadOf(learned, { name: 'cart', trigger: 'second', mode: 'reactive' }),
  workloadOf(learned, { name: 'short', outcome: () => short }),
  workloadOf(learned, { name: 'dark', decision: () => blind }),
  workloadOf(modelOf(taught(0)), { namespace: 'new', name: 'born', decision: () => undefined }),
];

describe('the list of workloads', () => {
  let app: ApiInstance;
  beforeAll(async () => {
    app = await createApiApp(apiOptions({ directory: directoryOf(workloads) }));
  });
  afterAll(() => app.close());

  async function get(query = '') {
    const response = await app.inject(`/api/v1/workloads${query}`);
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  }
  const names = async (query: string) =>
    (await get(query)).workloads.map(({ name }: { name: string }) => name);

  it('begins with those that want attention most, and goes on by name', async () => {
    expect(await names('')).toEqual(['born', 'dark', 'short', 'cart', 'cart', 'web']);
    expect(await names('?sort=name')).toEqual(['born', 'cart', 'cart', 'dark', 'short', 'web']);
  });

  it('tells what a person wants to know of each', async () => {
    const [web] = (await get('?search=web')).workloads;
    expect(web).toEqual({
      namespace: 'shop',
      name: 'web',
      mode: 'active',
      state: 'trusted',
      attention: 'ok',
      unit: 'requests/s',
      observed: expect.any(Number),
      signal: 160,
      replicasAsked: 8,
      replicasReady: 6,
      maxReplicas: 20,
      leadTimeSeconds: 150,
      achievedService: 0.991,
      nextPeak: { t: expect.any(Number), replicas: expect.any(Number) },
    });
    expect(web.nextPeak.t).toBeGreaterThan(nowSeconds);
    expect(web.nextPeak.t).toBeLessThanOrEqual(nowSeconds + 86_400);
    expect(web.nextPeak.replicas).toBeGreaterThanOrEqual(10);
  });

  it('names the trigger only where there are several, and the reason only where there is one', async () => {
    const { workloads: all } = await get('?search=cart');
    expect(all.map(({ trigger }: { trigger: string }) => trigger)).toEqual(['second', 'first']);
    expect(all[0].reason).toBe('reactive by choice');
    expect(all[1]).not.toHaveProperty('unit');
    expect(await get('?search=dark')).toMatchObject({
      workloads: [{ attention: 'critical', reason: expect.stringContaining('no fresh data for 0s') }],
    });
  });

  it('tells the service that the rule in use achieved, once a day of it is known', async () => {
    const weekOf = (seconds: number) => () => ({
      ...goodOutcome,
      windows: { ...goodOutcome.windows, '7d': servedSpan(seconds, [0.016, 7], [0.08, 6]) },
    });
    const some = [
      workloadOf(learned, { name: 'a', outcome: weekOf(86_400) }),
      workloadOf(learned, { name: 'b', outcome: weekOf(86_400), mode: 'reactive' }),
      workloadOf(learned, { name: 'c', outcome: weekOf(86_399) }),
    ];
    const other = await createApiApp(apiOptions({ directory: directoryOf(some) }));
    const { workloads: all } = (await other.inject('/api/v1/workloads?sort=name')).json();
    await other.close();
    expect(
      all.map((one: { achievedService: number | null; attention: string }) => [
        one.achievedService,
        one.attention,
      ]),
    ).toEqual([
      [0.984, 'warning'],
      [0.92, 'warning'],
      [null, 'ok'],
    ]);
  });

  it('says null where there is nothing yet', async () => {
    expect((await get('?namespace=new')).workloads).toEqual([
      expect.objectContaining({
        state: 'unavailable',
        attention: 'critical',
        signal: null,
        replicasAsked: null,
        achievedService: null,
        nextPeak: null,
      }),
    ]);
  });

  it('finds by a part of namespace/name, whatever its case', async () => {
    expect(await names('?search=SHOP/c')).toEqual(['cart', 'cart']);
    expect(await names('?search=%20born')).toEqual(['born']);
    expect(await get('?search=nothing')).toEqual({ total: 0, byState: {}, next: null, workloads: [] });
  });

  it('counts the states of all that match, and gives those of one state', async () => {
    const byState = { trusted: 3, reactive: 1, blind: 1, unavailable: 1 };
    expect(await get()).toMatchObject({ total: 6, byState });
    expect(await get('?state=blind')).toMatchObject({ total: 1, byState, workloads: [{ name: 'dark' }] });
    expect((await app.inject('/api/v1/workloads?state=sad')).json()).toMatchObject({
      code: 'invalid-argument',
      faults: [{ field: 'state' }],
    });
  });

  it('goes page by page', async () => {
    expect(await get('?limit=1&offset=1')).toMatchObject({ total: 6, workloads: [{ name: 'dark' }] });
    expect(await get('?offset=6')).toMatchObject({ total: 6, workloads: [] });
  });

  it('is small enough to be read at once where workloads are many', async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      workloadOf(learned, {
        namespace: `team-${index % 20}`,
        name: `checkout-api-${index}`,
        outcome: () => (index % 5 === 0 ? short : goodOutcome),
      }),
    );
    const crowded = await createApiApp(apiOptions({ directory: directoryOf(many) }));
    const { body } = await crowded.inject('/api/v1/workloads?limit=1000');
    expect(JSON.parse(body).workloads).toHaveLength(1000);
    expect(body.length).toBeLessThanOrEqual(300 * 1024);
    await crowded.close();
  });
});
