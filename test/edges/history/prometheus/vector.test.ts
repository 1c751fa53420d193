import { afterEach, describe, expect, it } from 'vitest';
import { createSources } from '../../../../src/history/profiles.ts';
import { openPrometheus } from '../../../../src/history/prometheus/prometheus.ts';
import { type Answer, json, startFakeApi } from './fake-api.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const at = { query: 'up', atSeconds: 1000 };
const two = [
  { metric: { __name__: 'up', job: 'a' }, value: [1000, '1'] },
  { metric: { __name__: 'up', job: 'b' }, value: [1000, 'NaN'] },
];

async function vectorOf(answer: Answer, limits = {}) {
  const api = await startFakeApi(answer);
  opened.push(() => api.close());
  const source = openPrometheus({ url: api.url }, { limits: { retries: 0, ...limits } });
  opened.push(() => source.close());
  return source.vector?.(at);
}

const vectorAnswer =
  (result: unknown, remarks = {}): Answer =>
  (_, response) =>
    json(response, { status: 'success', ...remarks, data: { resultType: 'vector', result } });

describe('every series of a query', () => {
  it('comes with its labels and its value', async () => {
    expect(await vectorOf(vectorAnswer(two))).toEqual([
      { labels: { __name__: 'up', job: 'a' }, value: 1 },
      { labels: { __name__: 'up', job: 'b' }, value: Number.NaN },
    ]);
    expect(await vectorOf(vectorAnswer([]))).toEqual([]);
  });

  it('is missing data where the source says that a part is missing', async () => {
    const partial = vectorOf(vectorAnswer(two, { warnings: ['no StoreAPI matched'] }));
    await expect(partial).rejects.toMatchObject({ code: 'no-data' });
  });

  it.each([
    ['a matrix', { resultType: 'matrix', result: [{ metric: {}, values: [[1, '1']] }] }],
    ['no labels', { resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }],
    ['no sample', { resultType: 'vector', result: [{ metric: {}, value: [1, ''] }] }],
    ['nothing', undefined],
  ])('is nonsense where the answer has %s', async (_, data) => {
    const nonsense = vectorOf((_request, response) => json(response, { status: 'success', data }));
    await expect(nonsense).rejects.toMatchObject({ code: 'source-nonsense' });
  });

  it('is bounded in bytes, and errors are in the words of the source', async () => {
    const many = Array.from({ length: 100 }, () => two).flat();
    await expect(vectorOf(vectorAnswer(many), { vectorBytes: 1000 })).rejects.toMatchObject({
      code: 'too-large',
    });
    const refused = vectorOf((_, response) =>
      json(response, { status: 'error', errorType: 'bad_data', error: 'unknown function' }, 400),
    );
    await expect(refused).rejects.toMatchObject({ code: 'source-rejected' });
  });
});

describe('the source that the server itself asks', () => {
  const url = 'http://127.0.0.1:9';
  const closed = { name: 'metrics', url, namespaces: ['shop'] };
  const influx = { name: 'influx', kind: 'influxdb', url, database: 'a' } as const;

  function ofServer(profileName: string | undefined, ...profiles: (typeof closed | typeof influx)[]) {
    const sources = createSources({ defaultUrl: undefined, profiles, allowedAddresses: [] });
    opened.push(() => sources.close());
    return sources.ofServer(profileName)?.name;
  }

  it('is the default one or a profile by its name, also one that is closed to other namespaces', () => {
    expect(ofServer(undefined, closed)).toBe('metrics');
    expect(ofServer('metrics', influx, closed)).toBe('metrics');
  });

  it('is none where none is the default, where there is no such profile, or where series have no labels', () => {
    expect(ofServer(undefined, influx, closed)).toBeUndefined();
    expect(ofServer('other', closed)).toBeUndefined();
    expect(ofServer('influx', influx)).toBeUndefined();
  });
});
