import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { OpenSource } from '../../../../src/history/source.ts';
import { ForescaleError } from '../../../../src/platform/errors.ts';
import { type FakeApi, startFakeApi } from './fake-api.ts';

/** What the fake API answers next, as the text of its body. */
let body = '';
let api: FakeApi;
let source: OpenSource;
beforeAll(async () => {
  api = await startFakeApi((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  source = openPrometheus({ url: api.url }, { limits: { retries: 0 } });
});
afterAll(async () => {
  await source.close();
  await api.close();
});

const success = (resultType: unknown, result: unknown) =>
  JSON.stringify({ status: 'success', data: { resultType, result } });
const vector = (value: unknown) => success('vector', [{ metric: {}, value }]);
const matrix = (value: unknown) => success('matrix', [{ metric: {}, values: [value] }]);
const askInstant = (text: string) => {
  body = text;
  return source.instant({ query: 'x', atSeconds: 1000 });
};
const askRange = (text: string) => {
  body = text;
  return source.range({ query: 'x', startSeconds: 960, endSeconds: 1080, stepSeconds: 60 });
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

const noNumbers: readonly unknown[] = [
  null,
  '',
  ' ',
  '\t1',
  '1 ',
  false,
  true,
  [],
  [5],
  ['5'],
  {},
  0,
  7,
  '0x10',
  '0b1',
  '1_000',
  '1,5',
  'ten',
  'NaNa',
  'Infinity',
  '--1',
  '1e',
  '.',
];
const noSamples: readonly unknown[] = [
  null,
  7,
  '7',
  {},
  [],
  [1000],
  [1000, '7', 1],
  ['1000', '7'],
  [null, '7'],
];

describe('a sample that is no number is nonsense and never zero', () => {
  it.each([...noNumbers.map((value) => [1000, value]), ...noSamples].map((sample) => [sample]))(
    '%j',
    async (sample) => {
      const nonsense = { code: 'source-nonsense' };
      await expect(askInstant(vector(sample))).rejects.toMatchObject(nonsense);
      await expect(askInstant(success('scalar', sample))).rejects.toMatchObject(nonsense);
      await expect(askRange(matrix(sample))).rejects.toMatchObject(nonsense);
    },
  );

  it('nor is one at a time that is not finite', async () => {
    const text = vector([1000, '7']).replace('1000', '1e999');
    expect(text).toContain('1e999');
    await expect(askInstant(text)).rejects.toMatchObject({ code: 'source-nonsense' });
  });
});

it.each([
  ['7', 7],
  ['0', 0],
  ['-0.5', -0.5],
  ['+3', 3],
  ['.5', 0.5],
  ['5.', 5],
  ['1e+06', 1e6],
  ['2.5E-3', 0.0025],
])('reads %s as Prometheus does', async (text, value) => {
  expect(await askInstant(vector([1000, text]))).toMatchObject({ kind: 'value', value });
  expect(await askInstant(success('scalar', [1000, text]))).toMatchObject({ kind: 'value', value });
  expect([...(await askRange(matrix([1020, text]))).values]).toEqual([value]);
});

it.each(['NaN', '+Inf', '-Inf', 'Inf', '1e309'])(
  'takes %s for missing and not for a number',
  async (text) => {
    expect(await askInstant(vector([1000, text]))).toMatchObject({ kind: 'missing', isEmpty: false });
    expect(await askInstant(success('scalar', [1000, text]))).toMatchObject({ kind: 'missing' });
    expect((await askRange(matrix([1020, text]))).values).toHaveLength(0);
  },
);

describe('the type of a result is checked', () => {
  it.each([
    ['a scalar', success('scalar', [1000, '7'])],
    ['a vector', vector([1000, '7'])],
    ['an empty vector', success('vector', [])],
    ['a vector in a matrix', success('matrix', [{ metric: {}, value: [1000, '7'] }])],
    ['no type', success(undefined, [])],
    ['an unknown type', success('tensor', [])],
  ])('a range that is %s is nonsense', async (_, text) => {
    await expect(askRange(text)).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it.each([
    ['a matrix in a vector', success('vector', [{ metric: {}, values: [[1000, '7']] }])],
    ['a vector that is an object', success('vector', { metric: {}, value: [1000, '7'] })],
    ['a series without labels', success('vector', [{ value: [1000, '7'] }])],
    ['a series whose labels are a list', success('vector', [{ metric: [], value: [1000, '7'] }])],
    ['a label that is a number', success('vector', [{ metric: { a: 1 }, value: [1000, '7'] }])],
    ['a series that is null', success('vector', [null])],
    ['two series that are null', success('vector', [null, null])],
    ['a vector in a scalar', success('scalar', [{ metric: {}, value: [1000, '7'] }])],
    ['no data', JSON.stringify({ status: 'success', data: null })],
    ['data that is a list', JSON.stringify({ status: 'success', data: [] })],
  ])('an instant that is %s is nonsense', async (_, text) => {
    await expect(askInstant(text)).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it('an empty range vector is refused, and is no answer without a series', async () => {
    await expect(askInstant(success('matrix', []))).rejects.toMatchObject({ code: 'source-rejected' });
  });
});

describe('JSON that is nested deeply', () => {
  const deep = nested(100_000);
  it.each([
    ['a label', `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":${deep}}}]}}`],
    ['labels', `{"status":"success","data":{"resultType":"vector","result":[{"metric":${deep}}]}}`],
    [
      'labels in labels',
      `{"status":"success","data":{"resultType":"vector","result":[${'{"metric":'.repeat(50_000)}1${'}'.repeat(50_000)}]}}`,
    ],
    [
      'labels of two series',
      `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":${deep}}},{"metric":{"a":1}}]}}`,
    ],
    [
      'a value',
      `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":${deep}}]}}`,
    ],
    ['the data', `{"status":"success","data":${deep}}`],
    ['the status', `{"status":${deep}}`],
  ])('is nonsense where %s should be', async (_, text) => {
    await expect(askInstant(text)).rejects.toMatchObject({ code: 'source-nonsense' });
    await expect(askRange(text)).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it('is an error of the source where its words should be, and a warning where a warning should be', async () => {
    await expect(
      askInstant(`{"status":"error","error":${deep},"errorType":{"toString":1}}`),
    ).rejects.toMatchObject({ code: 'source-rejected' });
    const warned = vector([1000, '7']).replace('{', `{"warnings":[${deep}],`);
    expect(await askInstant(warned)).toMatchObject({ kind: 'value', isPartial: true });
  });
});

it('an error of the source is passed on in a length that fits into a header', async () => {
  const failure = askInstant(
    JSON.stringify({ status: 'error', errorType: 'bad', error: 'x'.repeat(500_000) }),
  );
  const message = await failure.then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  expect(message).toContain('xxx');
  expect(message.length).toBeLessThan(2_000);
});

it('no JSON whatever is a bug of ours', async () => {
  const envelope = fc.record(
    {
      status: fc.oneof(fc.constantFrom('success', 'error'), fc.jsonValue()),
      errorType: fc.jsonValue(),
      error: fc.jsonValue(),
      warnings: fc.jsonValue(),
      infos: fc.jsonValue(),
      data: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            resultType: fc.oneof(fc.constantFrom('scalar', 'vector', 'matrix', 'string'), fc.jsonValue()),
            result: fc.oneof(
              fc.jsonValue(),
              fc.array(
                fc.record(
                  { metric: fc.jsonValue(), value: fc.jsonValue(), values: fc.jsonValue() },
                  { requiredKeys: [] },
                ),
              ),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(envelope, async (answer) => {
      const text = JSON.stringify(answer);
      for (const outcome of await Promise.allSettled([askInstant(text), askRange(text)])) {
        if (outcome.status === 'fulfilled') continue;
        expect(outcome.reason).toBeInstanceOf(ForescaleError);
        expect((outcome.reason as ForescaleError).code).not.toBe('internal');
      }
    }),
    { numRuns: 200 },
  );
});
