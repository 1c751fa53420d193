import { afterEach, describe, expect, it } from 'vitest';
import { openInfluxDb } from '../../../../src/history/influxdb/influxdb.ts';
import type { OpenSource } from '../../../../src/history/source.ts';
import { type Answer, type FakeApi, json, startFakeApi } from '../prometheus/fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function source(
  answer: Answer,
  more: { readonly retentionPolicy?: string; readonly instantWindow?: string } = {},
): Promise<{ api: FakeApi; history: OpenSource }> {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const history = openInfluxDb({ url: api.url, database: 'demand', ...more }, { limits: { retries: 0 } });
  opened.push(() => history.close());
  return { api, history };
}

/** A successful answer of one series. */
const rows =
  (values: unknown, columns = ['time', 'sum'], more: object = {}): Answer =>
  (_, response) =>
    json(response, {
      results: [{ statement_id: 0, series: [{ name: 'requests', columns, values, ...more }] }],
    });

const query = 'SELECT sum("rate") FROM "requests" WHERE $timeFilter GROUP BY time($__interval)';
const range = { query, startSeconds: 120, endSeconds: 240, stepSeconds: 60 };
const now = { query, atSeconds: 1000 };

describe('a range from InfluxDB', () => {
  it('is a posted form with the database, and stamps each row with the end of its step', async () => {
    const { api, history } = await source(
      rows([
        [60_000, 1.5],
        [120_000, null],
        [180_000, 0],
      ]),
      { retentionPolicy: 'month' },
    );
    const read = await history.range(range);
    expect([...read.timestamps]).toEqual([120, 240]);
    expect([...read.values]).toEqual([1.5, 0]);
    const [request] = api.requests;
    expect([request?.method, request?.url]).toEqual(['POST', '/query']);
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      db: 'demand',
      rp: 'month',
      epoch: 'ms',
      q: 'SELECT sum("rate") FROM "requests" WHERE time > 60000ms AND time <= 240000ms GROUP BY time(60000ms, 1ns)',
    });
  });

  it('leaves out rows that nobody asked for', async () => {
    const { history } = await source(
      rows([
        [0, 9],
        [60_000, 1],
        [9_000_000, 9],
      ]),
    );
    expect([...(await history.range(range)).values]).toEqual([1]);
  });

  it('refuses an answer that was cut off, rather than take the rest for a gap', async () => {
    const { history } = await source(rows([[60_000, 1]], undefined, { partial: true }));
    await expect(history.range(range)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('max-row-limit = 0'),
    });
  });

  it.each([
    [
      'rows out of order',
      rows([
        [120_000, 1],
        [60_000, 1],
      ]),
    ],
    ['rows that are a text', rows('text')],
    ['rows that are numbers', rows([1, 2])],
    ['a first column that is no time', rows([[60_000, 1]], ['pod', 'sum'])],
    ['results that are no list', (_request, response) => json(response, { results: 5 })],
    ['one column', rows([[1]], ['time'])],
    [
      'a page',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['no result', (_request, response) => json(response, { results: [] })],
  ] satisfies [string, Answer][])('refuses %s as no InfluxDB', async (_, answer) => {
    const { history } = await source(answer);
    await expect(history.range(range)).rejects.toMatchObject({
      code: 'source-nonsense',
      message: expect.stringMatching(/no InfluxDB API.*\/query is under/),
    });
  });
});

describe('a row from InfluxDB that holds no number', () => {
  const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
  const many = '['.repeat(100_000) + ']'.repeat(100_000);
  const text =
    (body: string): Answer =>
    (_, response) =>
      response.end(body);

  it.each([
    ['a list as value', rows([[180_000, [5]]])],
    ['an empty list as value', rows([[180_000, []]])],
    ['an object as value', rows([[180_000, {}]])],
    ['a nested list as value', rows([[180_000, deep(50)]])],
    [
      'a very deep list as value',
      text(`{"results":[{"series":[{"columns":["time","v"],"values":[[180000,${many}]]}]}]}`),
    ],
    ['no value', rows([[180_000]])],
    ['three values', rows([[180_000, 1, 2]])],
    ['null as time', rows([[null, 1]])],
    ['a text as time', rows([['180000', 1]])],
    ['a row that is null', rows([null])],
    ['a row that is a number', rows([7])],
    [
      'a very deep tag',
      text(`{"results":[{"series":[{"tags":{"a":${many}},"columns":["time","v"],"values":[]}]}]}`),
    ],
    ['very deep columns', text(`{"results":[{"series":[{"columns":["time",${many}],"values":[]}]}]}`)],
    ['a series that is null', text('{"results":[{"series":[null]}]}')],
    ['a result that is null', text('{"results":[null]}')],
    ['a very deep error', text(`{"results":[{"error":${many}}]}`)],
  ] satisfies [string, Answer][])('is nonsense and never zero or missing: %s', async (_, answer) => {
    const { history } = await source(answer);
    await expect(history.instant(now)).rejects.toMatchObject({ code: 'source-nonsense' });
    await expect(history.range(range)).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it.each([
    ['""', ''],
    ['" "', ' '],
    ['false', false],
    ['true', true],
    ['"7"', '7'],
  ])('is refused where a field may hold it: %s', async (_, value) => {
    const { history } = await source(rows([[180_000, value]]));
    await expect(history.instant(now)).rejects.toMatchObject({ code: 'source-rejected' });
    await expect(history.range(range)).rejects.toMatchObject({ code: 'source-rejected' });
  });
});

describe('an instant from InfluxDB', () => {
  it('is the query over the last minute, or over the window of the profile', async () => {
    const { api, history } = await source(rows([[940_000, 7]]));
    expect(await history.instant(now)).toEqual({ kind: 'value', value: 7, atSeconds: 1000 });
    expect(api.requests[0]?.form.get('q')).toMatch(
      /time > 940000ms AND time <= 1000000ms GROUP BY time\(60000ms, 40000000001ns\)$/,
    );
    expect(history.rateWindowSeconds(query)).toBe(60);
    const wide = await source(rows([[700_000, 7]]), { instantWindow: '5m' });
    await wide.history.instant(now);
    expect(wide.api.requests[0]?.form.get('q')).toContain('time > 700000ms');
    expect(wide.history.rateWindowSeconds(query)).toBe(300);
  });

  it.each([
    ['no series', (_request, response) => json(response, { results: [{}] }), /no series .*ignoreNullValues/],
    ['only null', rows([[940_000, null]]), /no value .*fill\(0\)/],
  ] satisfies [string, Answer, RegExp][])(
    'is missing where there is %s, with the remedy',
    async (_, answer, reason) => {
      const { history } = await source(answer);
      expect(await history.instant(now)).toEqual({
        kind: 'missing',
        isEmpty: true,
        reason: expect.stringMatching(reason),
      });
    },
  );

  it.each([
    ['a text', rows([[940_000, 'many']]), 'source-rejected', /"many", which is no number/],
    [
      'an unknown database',
      (_request, response) => json(response, { results: [{ error: 'database not found: demand' }] }),
      'source-rejected',
      /refused the query: database not found/,
    ],
    [
      'a query that cannot be parsed',
      (_request, response) => json(response, { error: 'error parsing query: found EOF' }, 400),
      'source-rejected',
      /refused the query: error parsing/,
    ],
    [
      'wrong credentials',
      (_request, response) => json(response, { error: 'authorization failed' }, 401),
      'source-rejected',
      /check the credentials/,
    ],
    [
      'a server in trouble',
      (_request, response) => json(response, { error: 'engine is closed' }, 503),
      'source-unreachable',
      /503: engine is closed/,
    ],
    [
      'a query that took too long',
      (_request, response) => json(response, { results: [{ error: 'query-timeout limit exceeded' }] }),
      'source-timeout',
      /make it cheaper/,
    ],
  ] satisfies [string, Answer, string, RegExp][])(
    'fails on %s, in the words of the server',
    async (_, answer, code, message) => {
      const { history } = await source(answer);
      await expect(history.instant(now)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    },
  );

  it('never asks another database by the parameters of a trigger', async () => {
    const { api, history } = await source(rows([[940_000, 7]]));
    await history.with({ parameters: { db: 'secrets', chunked: 'false' } }).instant(now);
    // InfluxDB reads a form before the URL: Go's net/http, Request.Form.
    expect(api.requests[0]?.form.get('db')).toBe('demand');
    expect(api.requests[0]?.url).toBe('/query?db=secrets&chunked=false');
  });
});
