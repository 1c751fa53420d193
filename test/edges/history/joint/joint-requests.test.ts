import { afterEach, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { HistorySource, RequestExtras } from '../../../../src/history/source.ts';
import { type Answer, type FakeApi, json, startFakeApi } from '../prometheus/fake-api.ts';
import { type Behaviour, fakeEvaluator } from './fake-evaluator.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** A busy machine is no slow source: a joint request is given up after 0.4 of a query's time. */
const patient = { instantRequestTimeoutMs: 25_000, instantTimeoutMs: 50_000 };

async function open(
  answer: Answer,
  settings: { method?: 'GET'; jointQueries?: string } = {},
  limits: object = patient,
) {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const source = openPrometheus({ url: api.url, ...settings }, { limits: { backoffMs: 1, ...limits } });
  opened.push(() => source.close());
  return { api, source };
}

const apps = Array.from({ length: 40 }, (_, n) => `app${n}`);
const queryOf = (app: string) => `sum(rate(m{app="${app}"}[2m]))`;
const seven: Behaviour = { kind: 'value', text: '7' };

/** Asks for every app at once and gives how each ended. */
async function askAll(source: HistorySource, query = queryOf): Promise<PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(apps.map((app) => source.instant({ query: query(app), atSeconds: 1_000 })));
}

/** How many requests `work` makes. */
async function requestsOf(api: FakeApi, work: () => Promise<unknown>): Promise<number> {
  const before = api.requests.length;
  await work();
  return api.requests.length - before;
}

const isSeven = (ending: PromiseSettledResult<unknown>) =>
  ending.status === 'fulfilled' && (ending.value as { value?: number }).value === 7;

describe('queries of one caller that are asked at once', () => {
  it('make one request, whether they differ by a label or in every word', async () => {
    const { api, source } = await open(fakeEvaluator(() => seven));
    expect(await requestsOf(api, async () => expect((await askAll(source)).every(isSeven)).toBe(true))).toBe(
      1,
    );
    const words = (app: string) => `sum(${app}) / 2`;
    expect(await requestsOf(api, () => askAll(source, words))).toBe(1);
    expect(api.requests[0]?.form.get('query')).toContain('by (app)');
    expect(api.requests[1]?.form.get('query')).toContain(' or ');
  });

  it('are asked as of their own times', async () => {
    const { api, source } = await open(fakeEvaluator(() => seven));
    const times = [1_000, 2_000];
    await Promise.all(
      times.flatMap((atSeconds) =>
        ['a', 'b'].map((app) => source.instant({ query: queryOf(app), atSeconds })),
      ),
    );
    const asked = api.requests.map(({ form }) => Number(form.get('time')));
    expect(asked.sort((a, b) => a - b)).toEqual(times);
  });

  it('make a request each where the profile switches it off, and one where all ask the same', async () => {
    const off = await open(
      fakeEvaluator(() => seven),
      { jointQueries: 'off' },
    );
    expect(await requestsOf(off.api, () => askAll(off.source))).toBe(apps.length);
    const on = await open(fakeEvaluator(() => seven));
    expect(await requestsOf(on.api, () => askAll(on.source, () => 'sum(up)'))).toBe(1);
    expect(on.api.requests[0]?.form.get('query')).toBe('sum(up)');
  });

  it('stay below the length that a URL may have where they are asked by GET', async () => {
    const { api, source } = await open(
      fakeEvaluator(() => seven),
      { method: 'GET' },
    );
    const long = (app: string) => `sum(${app}_${'x'.repeat(100)}) / 2`;
    expect((await askAll(source, long)).every(isSeven)).toBe(true);
    expect(api.requests.length).toBeLessThan(apps.length / 4);
    for (const { url } of api.requests) expect(url.length).toBeLessThan(8_000);
  });

  it.each<[string, RequestExtras]>([
    ['namespace', { namespace: 'other' }],
    ['header', { namespace: 'shop', headers: { 'x-scope-orgid': 'other' } }],
    ['parameter', { namespace: 'shop', parameters: { dedup: 'false' } }],
    ['timeout', { namespace: 'shop', timeoutMs: 1_234 }],
    ['secret', { namespace: 'shop', isConcealed: true }],
  ])('never stand in a request of a caller with another %s', async (_, extras) => {
    const { api, source } = await open(fakeEvaluator(() => seven));
    const other = (app: string) => `sum(rate(m{app="${app}-of-another"}[2m]))`;
    await Promise.all([
      askAll(source.with({ namespace: 'shop' })),
      askAll(source.with(extras), other),
      askAll(source.with({ namespace: 'shop' })),
    ]);
    expect(api.requests).toHaveLength(2);
    const mixed = api.requests.filter(({ form }) => {
      const query = form.get('query') ?? '';
      return query.includes('-of-another') && /app\d+\|/.test(query.replaceAll(/app\d+-of-another/g, ''));
    });
    expect(mixed).toEqual([]);
  });

  it('are asked alone where the caller has the source cut its answers short', async () => {
    const { api, source } = await open(fakeEvaluator(() => seven));
    await askAll(source.with({ parameters: { limit: '1' } }));
    expect(api.requests).toHaveLength(apps.length);
  });
});

it('does not hold the event loop while thousands of queries are put together', async () => {
  const { api, source } = await open(fakeEvaluator(() => seven));
  const many = Array.from({ length: 2_000 }, (_, n) => queryOf(`app${n}`));
  const ask = () => Promise.all(many.map((query) => source.instant({ query, atSeconds: 1_000 })));
  await ask();
  /** What an answer leads to takes a quarter of a millisecond. */
  const decide = <T>(answer: T) => {
    for (const untilMs = performance.now() + 0.25; performance.now() < untilMs; );
    return answer;
  };
  const askAndDecide = () =>
    Promise.all(many.map((query) => source.instant({ query, atSeconds: 1_000 }).then(decide)));
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  const before = api.requests.length;
  count();
  expect((await askAndDecide()).every((one) => one.kind === 'value' && one.value === 7)).toBe(true);
  isOver = true;
  expect(api.requests.length - before).toBeLessThan(50);
  // A turn is over with the answer in which half a millisecond is: it has three at most.
  expect(turns).toBeGreaterThan(500);
});

describe('a query that its source refuses', () => {
  it.each([400, 422, 500])(
    'by %i is found and fails alone, and is asked alone from then on',
    async (status) => {
      const bad = queryOf('app17');
      const { api, source } = await open(
        fakeEvaluator((query) => (query === bad ? { kind: 'status', status } : seven)),
      );
      const judge = async () => {
        const endings = await askAll(source);
        expect(endings.filter(isSeven)).toHaveLength(apps.length - 1);
        expect(endings[17]).toMatchObject({
          status: 'rejected',
          reason: { code: status === 500 ? 'source-unreachable' : 'source-rejected' },
        });
      };
      expect(await requestsOf(api, judge)).toBeLessThan(apps.length / 2);
      // One for the 39, and one for the bad one with its retries.
      expect(await requestsOf(api, judge)).toBeLessThanOrEqual(status === 500 ? 5 : 2);
    },
  );

  it('is not looked for again where only so many at once were too much', async () => {
    const good = fakeEvaluator(() => seven);
    const { api, source } = await open((request, response, count) => {
      const members = (request.form.get('query') ?? '').split('|').length;
      if (members <= 10) return good(request, response, count);
      return json(response, { status: 'error', errorType: 'execution', error: 'too many samples' }, 422);
    });
    const judge = async () => expect((await askAll(source)).every(isSeven)).toBe(true);
    expect(await requestsOf(api, judge)).toBe(7);
    expect(await requestsOf(api, judge)).toBe(4);
    expect(await requestsOf(api, judge)).toBe(4);
  });

  it('for its several series is named with them, and costs one request more', async () => {
    const bad = queryOf('app3');
    const { api, source } = await open(
      fakeEvaluator((query) => (query === bad ? { kind: 'several' } : seven)),
    );
    const endings = await askAll(source);
    expect(endings.filter(isSeven)).toHaveLength(apps.length - 1);
    expect(endings[3]).toMatchObject({ reason: { code: 'several-series', message: /2 series/ } });
    expect(api.requests).toHaveLength(2);
  });
});

describe('a source that is not well', () => {
  it('is not asked for each query, and no error has the words of what others ask', async () => {
    const { api, source } = await open(({ form }, response) =>
      json(response, { status: 'error', errorType: 'internal', error: `down: ${form.get('query')}` }, 503),
    );
    const endings = await askAll(source);
    expect(api.requests.length).toBeLessThan(apps.length);
    const messages = endings.map((one) => (one.status === 'rejected' ? String(one.reason.message) : 'well'));
    expect(messages.filter((message) => message.includes('503'))).toHaveLength(apps.length);
    for (const [at, message] of messages.entries()) {
      const others = apps.filter((app, other) => other !== at && message.includes(`"${app}"`));
      expect(others).toEqual([]);
    }
  });

  it('is left alone when it says so', async () => {
    const { api, source } = await open((_, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end('busy');
    });
    const endings = await askAll(source);
    expect(api.requests).toHaveLength(1);
    expect(endings[0]).toMatchObject({ reason: { code: 'source-unreachable', retryAfterSeconds: 7 } });
  });

  it('by a slow query keeps nobody else waiting for long, and the slow one is asked apart', async () => {
    const slow = queryOf('app5');
    const { api, source } = await open(
      fakeEvaluator((query) => (query === slow ? { kind: 'slow', ms: 2_600 } : seven)),
      {},
      {},
    );
    const ask = (app: string) => source.instant({ query: queryOf(app), atSeconds: 1_000 });
    const others = () => Promise.all(apps.filter((app) => app !== 'app5').map(ask));
    const slowOnes = [ask('app5').catch((error) => error)];
    await others();
    // On a busy machine others may look slow at first, too.
    await expect
      .poll(
        () => {
          slowOnes.push(ask('app5').catch((error) => error));
          return requestsOf(api, others);
        },
        { timeout: 30_000 },
      )
      .toBeLessThanOrEqual(4);
    const joint = api.requests.findLast(({ form }) => form.get('query')?.includes('|'));
    expect(joint?.form.get('query')).not.toMatch(/app5[|"]/);
    await Promise.all(slowOnes);
  });
});

it('asks together again what a slow source answers no faster alone', async () => {
  let ms = 0;
  const { api, source } = await open(
    fakeEvaluator(() => (ms === 0 ? seven : { kind: 'slow', ms, text: '7' })),
    {},
    {},
  );
  await askAll(source);
  ms = 2_600;
  // On a busy machine some may take longer than they may even alone.
  expect((await askAll(source)).some(isSeven)).toBe(true);
  ms = 0;
  expect(await requestsOf(api, () => askAll(source))).toBeLessThanOrEqual(4);
});

describe('an answer that is not to be relied on', () => {
  it.each<[string, (result: unknown[]) => object]>([
    [
      'has fewer series than there are',
      (result) => ({ data: { resultType: 'vector', result: result.slice(1) } }),
    ],
    ['is partial', (result) => ({ data: { resultType: 'vector', result }, isPartial: true })],
    ['warns', (result) => ({ data: { resultType: 'vector', result }, warnings: ['a store is away'] })],
    ['is of another kind', () => ({ data: { resultType: 'scalar', result: [1_000, '1'] } })],
    [
      'has a series of nobody',
      (result) => ({
        data: { resultType: 'vector', result: [...result, { metric: {}, value: [1_000, '1'] }] },
      }),
    ],
    [
      'lost the labels',
      (result) => ({
        data: { resultType: 'vector', result: result.map(() => ({ metric: {}, value: [1_000, '1'] })) },
      }),
    ],
  ])('because it %s is replaced by an answer to each query, and joint requests pause', async (_, spoilt) => {
    let isSpoilt = false;
    const good = fakeEvaluator(() => seven);
    const { api, source } = await open((request, response, count) => {
      const query = request.form.get('query') ?? '';
      if (!isSpoilt || !query.includes('forescale_member')) return good(request, response, count);
      const result = apps.map((app) => ({ metric: { app, forescale_member: '0' }, value: [1_000, '7'] }));
      return json(response, { status: 'success', ...spoilt(result) });
    });
    await askAll(source);
    isSpoilt = true;
    expect((await askAll(source)).every(isSeven)).toBe(true);
    expect(await requestsOf(api, () => askAll(source))).toBe(apps.length);
  });
});

describe('the newest rows of histories', () => {
  const range = { startSeconds: 960, endSeconds: 960, stepSeconds: 60 };
  const readAll = (source: HistorySource, span = range) =>
    Promise.all(apps.map((app) => source.range({ query: queryOf(app), ...span })));

  it('come in one request, and long histories in their own', async () => {
    const { api, source } = await open(fakeEvaluator(() => seven));
    const histories = await readAll(source);
    expect(histories.map(({ timestamps, values }) => [[...timestamps], [...values]])).toEqual(
      apps.map(() => [[960], [7]]),
    );
    expect(api.requests).toHaveLength(1);
    expect(await requestsOf(api, () => readAll(source, { ...range, startSeconds: 0 }))).toBe(apps.length);
  });

  it('carry the remarks that the source makes of their own query, and no other', async () => {
    const remark = 'PromQL info: metric might not be a counter: "m"';
    const remarked = queryOf('app2');
    const good = fakeEvaluator(() => seven);
    const { api, source } = await open((request, response, count) => {
      const query = request.form.get('query') ?? '';
      if (query !== remarked && !query.includes('app2|')) return good(request, response, count);
      const isJoint = query.includes('|');
      const metrics = isJoint ? apps.map((app) => ({ app, forescale_member: '0' })) : [{}];
      const result = metrics.map((metric) => ({ metric, values: [[960, '7']] }));
      const infos = [`${remark} (1:${isJoint ? 42 : 5})`];
      return json(response, { status: 'success', data: { resultType: 'matrix', result }, infos });
    });
    for (const requests of [1 + apps.length, 1]) {
      let warnings: (readonly string[])[] = [];
      const read = async () => {
        warnings = (await readAll(source)).map((history) => history.warnings);
      };
      expect(await requestsOf(api, read)).toBe(requests);
      expect(warnings).toEqual(apps.map((app) => (app === 'app2' ? [`${remark} (1:5)`] : [])));
    }
  });
});

it('gives up a question at once when it is told to, and the others get their answers', async () => {
  const { source } = await open(fakeEvaluator(() => seven));
  const stop = new AbortController();
  const given = source.instant({ query: queryOf('app1'), atSeconds: 1_000, signal: stop.signal });
  const others = askAll(source);
  stop.abort('enough');
  await expect(given).rejects.toBe('enough');
  expect((await others).every(isSeven)).toBe(true);
});
