import { afterEach, describe, expect, it } from 'vitest';
import { ProfileSchema } from '../../../../src/history/profile-schema.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { parseWithSchema } from '../../../../src/platform/schema/schema-errors.ts';
import { type Answer, everyPoint, json, oneSample, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(answer: Answer, more: { readonly method?: 'GET' | 'POST' } = {}) {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const source = openPrometheus({ url: api.url, ...more }, { limits: { retries: 0 } });
  opened.push(() => source.close());
  return { api, source, methods: () => api.requests.map(({ method }) => method) };
}

const now = { query: 'sum(x{a="ä & b"})', atSeconds: 1000 };
const range = { query: 'x', startSeconds: 0, endSeconds: 120, stepSeconds: 60 };

/** Lets only GET through, and answers it as a POST with the same form. */
const getOnly =
  (status: number): Answer =>
  (request, response, count) => {
    if (request.method === 'POST') response.writeHead(status).end('not by this verb');
    else {
      const form = new URL(request.url, 'http://x').searchParams;
      const answer = request.url.includes('query_range') ? everyPoint : oneSample;
      answer({ ...request, form }, response, count);
    }
  };

describe('a source that may be read by GET alone', () => {
  it.each([403, 405, 501])('is asked by GET after a %i, and from then on', async (status) => {
    const { api, source, methods } = await open(getOnly(status));
    expect(await source.instant(now)).toMatchObject({ value: 7 });
    expect((await source.range(range)).timestamps).toHaveLength(3);
    await source.with({ namespace: 'shop' }).instant(now);
    expect(methods()).toEqual(['POST', 'GET', 'GET', 'GET']);
    const url = new URL(api.requests[1]?.url ?? '', api.url);
    expect(url.pathname).toBe('/api/v1/query');
    expect(url.searchParams.get('query')).toBe(now.query);
    expect(url.searchParams.get('time')).toBe('1000');
    expect(api.requests[1]?.headers['content-type']).toBeUndefined();
  });

  it('gets the parameters of a caller, but none that replaces what is asked', async () => {
    const { api, source } = await open(oneSample, { method: 'GET' });
    await source.with({ parameters: { dedup: 'true', query: 'secret', time: '1' } }).instant(now);
    const { searchParams } = new URL(api.requests[0]?.url ?? '', api.url);
    expect(searchParams.getAll('query')).toEqual([now.query]);
    expect(searchParams.getAll('time')).toEqual(['1000']);
    expect(searchParams.get('dedup')).toBe('true');
  });
});

it.each([
  ['both verbs', 403, 403],
  ['both verbs, without a method of that name', 405, 404],
  ['both verbs, the second for want of credentials', 403, 401],
])('a source that refuses %s is asked by POST again next time', async (_, post, get) => {
  const { source, methods } = await open(({ method }, response) =>
    response.writeHead(method === 'POST' ? post : get).end('no'),
  );
  for (const _time of [1, 2]) await expect(source.instant(now)).rejects.toThrow(String(post));
  expect(methods()).toEqual(['POST', 'GET', 'POST', 'GET']);
});

it('a GET that fails for another reason says so and is not kept', async () => {
  const { source, methods } = await open(({ method }, response) =>
    response.writeHead(method === 'POST' ? 405 : 503).end('busy'),
  );
  await expect(source.instant(now)).rejects.toMatchObject({ code: 'source-unreachable' });
  await expect(source.instant(now)).rejects.toMatchObject({ code: 'source-unreachable' });
  expect(methods()).toEqual(['POST', 'GET', 'POST', 'GET']);
});

it('a method that the profile names is the only one', async () => {
  const { source, methods } = await open(getOnly(405), { method: 'POST' });
  await expect(source.instant(now)).rejects.toMatchObject({ code: 'source-nonsense' });
  expect(methods()).toEqual(['POST']);
  expect(
    parseWithSchema('profile', ProfileSchema, { name: 'p', url: 'http://x', method: 'GET' }),
  ).toMatchObject({
    method: 'GET',
  });
  expect(() =>
    parseWithSchema('profile', ProfileSchema, { name: 'p', url: 'http://x', method: 'PUT' }),
  ).toThrowError(/method.*GET/);
});

it('other answers to a POST are not asked for again by GET', async () => {
  for (const status of [401, 404, 422]) {
    const { source, methods } = await open((_, response) => json(response, {}, status));
    await expect(source.instant(now)).rejects.toBeDefined();
    expect(methods()).toEqual(['POST']);
  }
});

describe('a refusal leads the right way', () => {
  it.each([
    [401, 'no', /check the credentials of its profile$/],
    [401, 'no org id\n', /no tenant was sent: set `tenant` in its profile, or --tenant on the command line$/],
    [400, "tenant ID 'a b' contains unsupported character ' '", /does not take the tenant.*correct `tenant`/],
    [403, 'Forbidden (user=sa, verb=create)', /tenant.*verb create.*verb get$/],
    [403, '{"message":"Missing Authentication Token"}', /managed service.*proxy.*"Managed services"/],
    [403, '{"message":"The security token included in the request is invalid"}', /managed service/],
    [
      401,
      '{"error":{"message":"Request is missing required authentication credential. Expected OAuth 2 access token"}}',
      /managed service/,
    ],
  ])('a %i that says %s', async (status, words, remedy) => {
    const { source } = await open((_, response) => response.writeHead(status).end(words));
    await expect(source.instant(now)).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringMatching(remedy),
    });
  });
});
