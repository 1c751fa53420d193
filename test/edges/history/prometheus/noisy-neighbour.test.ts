import { afterEach, expect, it } from 'vitest';
import { createDemandModels, type ModelRequest } from '../../../../src/forecast/demand-models.ts';
import { createSources } from '../../../../src/history/profiles.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { systemClock } from '../../../../src/platform/clock.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { type Answer, everyPoint, json, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function fakeApi(answer: Answer) {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  return api;
}

/** Answers queries that begin with "slow" after a time, and all others at once, with a sample of now. */
const slowFor =
  (ms: number): Answer =>
  ({ form, url }, response, count) => {
    const value = [Number(form.get('time')), '7'];
    const answer = () => {
      const data = { resultType: 'vector', result: [{ metric: {}, value }] };
      if (url.includes('query_range')) everyPoint({ form, url, method: '', headers: {} }, response, count);
      else json(response, { status: 'success', data });
    };
    if (form.get('query')?.startsWith('slow') === true) setTimeout(answer, ms).unref();
    else answer();
  };

const demand = (namespace: string, query: string): ModelRequest => ({
  source: { namespace, headers: {}, parameters: {} },
  query,
  replicasQuery: undefined,
  emptyIsZero: false,
  stepSeconds: 60,
  historySeconds: 3600,
  model: {},
});

it('keeps the observations of other namespaces fresh while one asks 120 slow queries', async () => {
  const api = await fakeApi(slowFor(1_400));
  const sources = createSources({ defaultUrl: api.url, profiles: [], allowedAddresses: [] });
  opened.push(() => sources.close());
  const models = createDemandModels({
    resolveSource: sources.resolve,
    refreshIntervalSeconds: 0.5,
    freshSeconds: 2,
    clock: systemClock,
    log: silentLogger,
    onRefresh: () => undefined,
  });
  opened.push(() => models.close());
  for (let n = 0; n < 120; n++) models.hold(demand('noisy', `slow${n}`), () => undefined);
  const victim = models.hold(demand('shop', 'fast'), () => undefined);
  const states: string[] = [];
  const end = performance.now() + 5_000;
  // A workload that comes while the noise lasts gets its first value at once, too.
  const before = performance.now();
  await victim.firstObserved;
  expect(performance.now() - before).toBeLessThan(1_000);
  while (performance.now() < end) {
    states.push(victim.model.health().state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(states.length).toBeGreaterThan(20);
  expect(states.filter((state) => state === 'blind')).toEqual([]);
  expect(api.requests.filter(({ form }) => form.get('query')?.startsWith('slow')).length).toBeGreaterThan(16);
});

it('lets the ranges of a namespace wait for no more than one range of another', async () => {
  const api = await fakeApi(slowFor(300));
  const source = openPrometheus({ url: api.url });
  opened.push(() => source.close());
  const range = { startSeconds: 0, endSeconds: 3600, stepSeconds: 60 };
  const noisy = source.with({ namespace: 'noisy' });
  const slow = Array.from({ length: 40 }, (_, n) => noisy.range({ ...range, query: `slow${n}` }));
  let ended = 0;
  for (const one of slow) void one.then(() => ended++);
  await source.with({ namespace: 'shop' }).range({ ...range, query: 'fast' });
  expect(ended).toBeLessThan(8);
  await Promise.all(slow);
});

it('gives one namespace at most half of the instant queries that run at once, ranges aside', async () => {
  let most = 0;
  let now = 0;
  const api = await fakeApi((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      json(response, { status: 'success', data: { resultType: 'scalar', result: [1000, '7'] } });
    }, 20);
  });
  const source = openPrometheus({ url: api.url, jointQueries: 'off' }, { limits: { instantsAtOnce: 6 } });
  opened.push(() => source.close());
  const ask = (namespace: string) => source.with({ namespace }).instant({ query: 'x', atSeconds: 1000 });
  await Promise.all(Array.from({ length: 30 }, () => ask('noisy')));
  expect(most).toBe(3);
  await Promise.all(['a', 'b', 'c'].flatMap((namespace) => Array.from({ length: 10 }, () => ask(namespace))));
  expect(most).toBe(6);
});

it('says of a query whose turn did not come that it waited, and of one without an answer that it got none', async () => {
  const api = await fakeApi(slowFor(60_000));
  const limits = { instantsAtOnce: 2, instantTimeoutMs: 300 };
  const source = openPrometheus({ url: api.url, jointQueries: 'off' }, { limits });
  opened.push(() => source.close());
  const ask = (query: string) => source.with({ namespace: 'noisy' }).instant({ query, atSeconds: 1000 });
  const [sent, waiting] = await Promise.allSettled([ask('slow1'), ask('slow2')]);
  expect(sent).toMatchObject({
    reason: { code: 'source-timeout', message: expect.stringMatching(/did not answer within 0.3 s/) },
  });
  expect(waiting).toMatchObject({
    reason: {
      code: 'source-timeout',
      message: expect.stringMatching(
        /^the query waited 0.3 s of its 0.3 s for its turn, .* 2 run at once, 1 of one namespace/,
      ),
    },
  });
  // Both end in the same moment: the second may still be sent when the first gives its turn back, and is given up at once.
  expect(api.requests[0]?.form.get('query')).toBe('slow1');
});
