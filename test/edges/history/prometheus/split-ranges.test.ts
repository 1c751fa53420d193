import { afterEach, describe, expect, it } from 'vitest';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { type Answer, everyPoint, json, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(answer: Answer) {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const source = openPrometheus({ url: api.url });
  opened.push(() => source.close());
  return { api, source };
}

const hours = 3_600;
const day = { query: 'x', startSeconds: 0, endSeconds: 14 * 24 * hours, stepSeconds: 60 };
const lengthOf = (form: URLSearchParams) => Number(form.get('end')) - Number(form.get('start'));

/** Refuses ranges above a length in the words of some product. */
const refusingAbove =
  (seconds: number, refuse: (response: Parameters<Answer>[1]) => void): Answer =>
  (request, response, count) => {
    if (lengthOf(request.form) > seconds) refuse(response);
    else everyPoint(request, response, count);
  };
const apiError = (status: number, error: string) => (response: Parameters<Answer>[1]) =>
  json(response, { status: 'error', errorType: status === 422 ? 'execution' : 'bad_data', error }, status);

describe('a range that is too much at once is read in parts', () => {
  it.each([
    [
      'Prometheus',
      apiError(422, 'query processing would load too many samples into memory in query execution'),
    ],
    ['Prometheus', apiError(400, 'exceeded maximum resolution of 11,000 points per timeseries')],
    [
      'Mimir',
      apiError(
        422,
        'the query time range exceeds the limit (query length: 168h0m0s, limit: 24h0m0s) (err-mimir-max-query-length)',
      ),
    ],
    ['Mimir', apiError(422, 'the query exceeded the maximum number of chunks (limit: 2000000 chunks)')],
    ['Cortex', apiError(400, 'the query hit the max number of series limit (limit: 100 series)')],
    [
      'VictoriaMetrics',
      apiError(422, 'cannot select more than -search.maxSamplesPerQuery=1000000000 samples'),
    ],
    ['Thanos', apiError(422, 'exceeded samples limit: limit 50000000 violated (got 50000001)')],
    [
      'a proxy',
      (response: Parameters<Answer>[1]) => void response.writeHead(413).end('<html>Entity Too Large'),
    ],
  ])('as %s says it', async (_, refuse) => {
    const { api, source } = await open(refusingAbove(24 * hours, refuse));
    const read = await source.range(day);
    expect(read.timestamps).toHaveLength(day.endSeconds / 60 + 1);
    expect(read.timestamps.every((t, index) => t === index * 60)).toBe(true);
    const refused = api.requests.filter(({ form }) => lengthOf(form) > 24 * hours).length;
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(10);
  });

  it('and later ranges of the query begin with the size that was not refused', async () => {
    const { api, source } = await open(refusingAbove(24 * hours, apiError(422, 'too many samples')));
    await source.range(day);
    const before = api.requests.length;
    await source.with({ namespace: 'other' }).range(day);
    const later = api.requests.slice(before);
    expect(later.every(({ form }) => lengthOf(form) <= 24 * hours)).toBe(true);
    await source.range({ ...day, query: 'another' });
    expect(api.requests.slice(before + later.length).some(({ form }) => lengthOf(form) > 24 * hours)).toBe(
      true,
    );
  });

  it('down to an hour, and then the message says what helps', async () => {
    const { api, source } = await open(refusingAbove(-1, apiError(422, 'too many samples')));
    await expect(source.range(day)).rejects.toMatchObject({
      code: 'source-rejected',
      message: expect.stringMatching(
        /too many samples.*recording rule.*raise this limit.*part of (?:1h|59m)/,
      ),
    });
    expect(api.requests.length).toBeLessThan(20);
    expect(Math.min(...api.requests.map(({ form }) => lengthOf(form)))).toBe(hours - 60);
    const before = api.requests.length;
    await expect(source.range(day)).rejects.toThrow('too many samples');
    expect(api.requests.length - before).toBeLessThanOrEqual(2);
  });

  it('but not one that is refused for another reason', async () => {
    for (const error of [
      'invalid parameter "query": 1:5: parse error: unknown function "too_long limit exceeded"',
      'no',
    ]) {
      const { api, source } = await open(refusingAbove(-1, apiError(400, error)));
      await expect(source.range({ ...day, endSeconds: 3_600 * 100 })).rejects.toThrow(error.slice(0, 10));
      expect(api.requests).toHaveLength(1);
    }
  });
});

describe('a range from two servers that take turns', () => {
  /** Every second request is answered by a server that has nothing. */
  const turns =
    (isEmpty: (count: number, start: number) => boolean): Answer =>
    (request, response, count) => {
      if (!isEmpty(count, Number(request.form.get('start')))) everyPoint(request, response, count);
      else json(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
    };

  it('is read again where it is empty, and the user is told, then and later', async () => {
    const { api, source } = await open(turns((count) => count % 2 === 0));
    const month = { ...day, endSeconds: 28 * 24 * hours };
    const read = await source.range(month);
    expect(read.timestamps.length).toBeGreaterThan(month.endSeconds / 60 / 2);
    expect(read.warnings).toEqual([expect.stringMatching(/several servers.*sessionAffinity.*Thanos/)]);
    expect(api.requests.length).toBeLessThan(10);
    expect((await source.range({ ...month, startSeconds: month.endSeconds })).warnings).toEqual(
      read.warnings,
    );
    expect(
      (await source.range({ ...month, query: 'other', startSeconds: month.endSeconds })).warnings,
    ).toEqual([]);
  });

  it('is not suspected where the history only begins late, or cannot be read again', async () => {
    const late = await open(turns((_, start) => start < 20 * 24 * hours));
    const read = await late.source.range({ ...day, endSeconds: 28 * 24 * hours });
    expect(read.warnings).toEqual([]);
    expect(read.timestamps.length).toBeGreaterThan(1_000);
    const flaky = await open((request, response, count) => {
      if (count > 3) response.writeHead(400).end('no');
      else turns((_, start) => start === 0)(request, response, count);
    });
    expect((await flaky.source.range(day)).timestamps.length).toBeGreaterThan(1_000);
  });
});

it('several series over a range are named as such, with what helps where one replaced another', async () => {
  const { source } = await open(({ url }, response) => {
    const result = ['a', 'b'].map((pod) => ({
      metric: { pod },
      ...(url.includes('range') ? { values: [[60, '1']] } : { value: [60, '1'] }),
    }));
    const resultType = url.includes('range') ? 'matrix' : 'vector';
    json(response, { status: 'success', data: { resultType, result } });
  });
  await expect(source.range(day)).rejects.toMatchObject({
    code: 'several-series',
    message: expect.stringMatching(/2 series \(.*\) over the range read.*max\(\) where one replaced another/),
  });
  const now = source.instant({ query: 'x', atSeconds: 60 });
  await expect(now).rejects.not.toThrow(/over the range/);
});
