import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/load-shapes/index.ts';
import { RequestDurations } from '../../../src/telemetry-app/metrics/request-durations.ts';

/** What a scrape says of a route's durations: `bucket 0.1`, `sum`, `count`. */
async function samplesOf(durations: RequestDurations, route: string) {
  const { values } = await durations.get();
  return new Map(
    values
      .filter(({ labels }) => labels.route === route)
      .map(({ metricName, labels, value }) => {
        const kind = metricName?.replace('http_request_duration_seconds_', '');
        return ['le' in labels ? `${kind} ${labels['le']}` : kind, value];
      }),
  );
}

describe('the durations of a route', () => {
  it('are counted up to each bound, the bound included', async () => {
    const durations = new RequestDurations([0.1, 0.5]);
    for (const seconds of [0, 0.1, 0.1001, 0.5, 0.6, 100]) durations.add('GET', '/', 200, seconds);
    expect([...(await samplesOf(durations, '/'))]).toEqual([
      ['bucket 0.1', 2],
      ['bucket 0.5', 4],
      ['bucket +Inf', 6],
      ['sum', expect.closeTo(101.3001, 9)],
      ['count', 6],
    ]);
  });

  it('are what a count by hand makes of many', async () => {
    const bounds = [0.005, 0.01, 0.25, 1];
    const durations = new RequestDurations(bounds);
    const random = createRandom(5);
    const seconds = Array.from({ length: 20_000 }, () => random() ** 4 * 3);
    for (const one of seconds) durations.add('POST', '/process', 200, one);
    const samples = await samplesOf(durations, '/process');
    for (const bound of bounds) {
      expect(samples.get(`bucket ${bound}`)).toBe(seconds.filter((one) => one <= bound).length);
    }
  });

  it('are kept apart by method, route and status', () => {
    const durations = new RequestDurations([1]);
    durations.add('GET', '/a', 200, 0);
    durations.add('GET', '/a', 200, 0);
    durations.add('GET', '/a', 500, 0);
    durations.add('POST', '/a', 200, 0);
    durations.add('GET', '/b', 200, 0);
    expect(durations.counted().map(({ labels, count }) => [...Object.values(labels), count])).toEqual([
      ['GET', '/a', 200, 2],
      ['GET', '/a', 500, 1],
      ['POST', '/a', 200, 1],
      ['GET', '/b', 200, 1],
    ]);
  });

  it('keep the newest exemplar of each bucket', async () => {
    const durations = new RequestDurations([0.1, 1]);
    const exemplar = (id: string) => ({ trace_id: id, span_id: 's' });
    durations.add('GET', '/', 200, 0.05, exemplar('old'));
    durations.add('GET', '/', 200, 0.06, exemplar('new'));
    durations.add('GET', '/', 200, 0.07);
    durations.add('GET', '/', 200, 5, exemplar('slow'));
    const { values } = await durations.get();
    const named = (id: string) => expect.objectContaining({ labelSet: exemplar(id) });
    const exemplars = values.map((one) => ('exemplar' in one ? one.exemplar : undefined));
    expect(exemplars).toEqual([named('new'), undefined, named('slow'), undefined, undefined]);
  });
});
