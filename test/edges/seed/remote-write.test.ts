import protobuf from 'protobufjs';
import { uncompress } from 'snappyjs';
import { afterEach, describe, expect, it } from 'vitest';
import { openMetricsText } from '../../../src/seed/openmetrics.ts';
import { encodeWriteRequest, remoteWrite } from '../../../src/seed/remote-write.ts';
import { checkSeriesName, integrateRates, type Series, selectorOf } from '../../../src/seed/series.ts';
import { type Answer, type FakeApi, startFakeApi } from '../history/prometheus/fake-api.ts';

const opened: FakeApi[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

function counter(rows: number): Series {
  const timestamps = Float64Array.from({ length: rows }, (_, row) => 1_700_000_000 + row * 60);
  return {
    metric: 'app_requests_total',
    labels: { route: '/a"b\\c\n', app: 'é' },
    kind: 'counter',
    timestamps,
    values: timestamps.map((_, row) => row * 0.5),
  };
}

async function write(series: Series, answer: Answer): Promise<FakeApi> {
  const api = await startFakeApi(answer);
  opened.push(api);
  await remoteWrite({ url: api.url, series, delay: async () => undefined });
  return api;
}

describe('remote write', () => {
  it('sends snappy-compressed protobuf in bounded batches, with the headers of the specification', async () => {
    const progress: number[] = [];
    const api = await startFakeApi((_, response) => response.writeHead(204).end());
    opened.push(api);
    await remoteWrite({
      url: api.url,
      series: counter(12_000),
      onProgress: (written) => progress.push(written),
    });
    expect(progress).toEqual([5_000, 10_000, 12_000]);
    expect(api.requests).toHaveLength(3);
    expect(api.requests[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/write',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
    });
  });

  it('encodes labels sorted by name and times in milliseconds, as another decoder of the format reads them', () => {
    const { root } = protobuf.parse(`
      syntax = "proto3";
      message WriteRequest { repeated TimeSeries timeseries = 1; }
      message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
      message Label { string name = 1; string value = 2; }
      message Sample { double value = 1; int64 timestamp = 2; }`);
    const decoder = root.lookupType('WriteRequest');
    const decoded = decoder.toObject(decoder.decode(encodeWriteRequest(counter(10), 3, 5)), {
      longs: Number,
    });
    expect(decoded).toEqual({
      timeseries: [
        {
          labels: [
            { name: '__name__', value: 'app_requests_total' },
            { name: 'app', value: 'é' },
            { name: 'route', value: '/a"b\\c\n' },
          ],
          samples: [
            { value: 1.5, timestamp: 1_700_000_180_000 },
            { value: 2, timestamp: 1_700_000_240_000 },
          ],
        },
      ],
    });
  });

  it('is tried again when the receiver is busy', async () => {
    const api = await write(counter(1), (_, response, count) =>
      response.writeHead(count === 1 ? 503 : 204).end(),
    );
    expect(api.requests).toHaveLength(2);
  });

  it.each<[number, string, RegExp]>([
    [400, 'out of order sample', /out_of_order_time_window.*retention/],
    [400, 'too old sample', /out_of_order_time_window/],
    [400, 'duplicate sample for timestamp', /other --labels/],
    [404, '404 page not found', /--web\.enable-remote-write-receiver/],
    [404, 'remote write receiver needs to be enabled with …', /--web\.enable-remote-write-receiver/],
    [401, 'Unauthorized', /credentials/],
  ])('refused with %i "%s" says what to change', async (status, words, message) => {
    await expect(
      write(counter(1), (_, response) => response.writeHead(status).end(words)),
    ).rejects.toMatchObject({ code: 'source-rejected', message: expect.stringMatching(message) });
  });
});

it('counters add rates up over their step', () => {
  expect(Array.from(integrateRates(Float64Array.of(1, 0, 2.5), 60))).toEqual([60, 60, 210]);
});

it('selectors escape what labels hold', () => {
  expect(selectorOf(counter(1))).toBe('app_requests_total{route="/a\\"b\\\\c\\n",app="é"}');
  expect(selectorOf({ metric: 'x', labels: {} })).toBe('x');
});

it('names that Prometheus would refuse are all named', () => {
  expect(() => checkSeriesName('1x', { 'a-b': '1', __c: '2', ok: '3' })).toThrowError(
    expect.objectContaining({ fieldErrors: [{}, {}, {}].map(() => expect.anything()) }),
  );
});

describe('OpenMetrics text', () => {
  it('types a counter by its family and ends as the format wants', () => {
    expect([...openMetricsText({ ...counter(2), labels: { app: 'a' } })].join('')).toBe(
      [
        '# HELP app_requests History written by forescale seed.',
        '# TYPE app_requests counter',
        'app_requests_total{app="a"} 0 1700000000',
        'app_requests_total{app="a"} 0.5 1700000060',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('refuses a counter without the suffix the format demands', () => {
    expect(() => [...openMetricsText({ ...counter(1), metric: 'requests' })]).toThrowError(/requests_total/);
  });
});

it('snappy gives back what it took', () => {
  // Guards our own declaration of a package without types.
  expect(() => uncompress(new Uint8Array([255, 255, 255, 255, 255]))).toThrowError();
});
