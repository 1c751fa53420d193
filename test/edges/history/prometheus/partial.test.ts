import { afterEach, describe, expect, it } from 'vitest';
import { fillingEmpty } from '../../../../src/history/empty-is-zero.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import type { OpenSource } from '../../../../src/history/source.ts';
import { type Answer, json, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(answer: Answer, pointsPerRequest = 10_000): Promise<OpenSource> {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const source = openPrometheus({ url: api.url }, { limits: { retries: 0, pointsPerRequest } });
  opened.push(() => source.close());
  return source;
}

const missingStore = 'No StoreAPIs matched for this query';
const sample = { resultType: 'vector', result: [{ metric: {}, value: [1000, '7'] }] };
const instant = { query: 'x', atSeconds: 1000 };

async function instantOf(remarks: object, data: object = sample) {
  const source = await open((_, response) => json(response, { status: 'success', ...remarks, data }));
  return source.instant(instant);
}

describe('an instant answer says that it is partial', () => {
  it.each([
    { warnings: [missingStore] },
    { warnings: ['PromQL info: metric might not be a counter', missingStore] },
    { warnings: missingStore },
    { isPartial: true },
  ])('by %j', async (remarks) => {
    expect(await instantOf(remarks)).toMatchObject({ kind: 'value', value: 7, isPartial: true });
  });

  it('also where it has no series or no number', async () => {
    const none = { resultType: 'vector', result: [] };
    expect(await instantOf({ warnings: [missingStore] }, none)).toMatchObject({
      kind: 'missing',
      isPartial: true,
    });
    const nan = { resultType: 'scalar', result: [1000, 'NaN'] };
    expect(await instantOf({ warnings: [missingStore] }, nan)).toMatchObject({ isPartial: true });
  });

  it.each([
    {},
    { warnings: [] },
    { warnings: null },
    { isPartial: false },
    { infos: ['PromQL info: metric might not be a counter, name does not end in _total: "x" (1:5)'] },
    { infos: ['anything'] },
    { warnings: ['PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)'] },
    { warnings: ['PromQL info: metric might not be a counter'] },
  ])('and not by %j', async (remarks) => {
    expect(await instantOf(remarks)).not.toHaveProperty('isPartial');
  });
});

describe('the rows of a range', () => {
  /** Two parts of two rows, of which the second is partial and has lost its last row. */
  const source = () =>
    open(({ form }, response) => {
      const [start, end] = [Number(form.get('start')), Number(form.get('end'))];
      const isPartial = start >= 120;
      const times = isPartial ? [start] : [start, end];
      const result = [{ metric: {}, values: times.map((t) => [t, '5']) }];
      const remarks = isPartial ? { warnings: [missingStore] } : { infos: ['PromQL info: x'] };
      json(response, { status: 'success', ...remarks, data: { resultType: 'matrix', result } });
    }, 2);
  const range = { query: 'x', startSeconds: 0, endSeconds: 180, stepSeconds: 60 };

  it('of a partial part are marked, so that they lower no model', async () => {
    const read = await (await source()).range(range);
    expect([...read.timestamps]).toEqual([0, 60, 120]);
    expect([...(read.isCensored ?? [])]).toEqual([0, 0, 1]);
    expect(read.warnings).toEqual(['PromQL info: x', missingStore]);
  });

  it('that a partial part lacks are no zeros, even where an empty answer is', async () => {
    const filled = fillingEmpty(await source(), { emptyIsZero: true, replicasQuery: undefined });
    expect([...(await filled.range(range)).timestamps]).toEqual([0, 60, 120]);
  });
});
