import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/load-shapes/index.ts';
import {
  createRouteDurations,
  histogramSamples,
} from '../../../src/telemetry-app/metrics/route-durations.ts';

/** What a scrape says of a value: `bucket 0.1`, `sum`, `count`. */
function samplesOf(durations: ReturnType<typeof createRouteDurations>, route: string) {
  return new Map(
    histogramSamples('t', durations)
      .filter(({ labels }) => labels['route'] === route)
      .map(({ metricName, labels, value }) => [`${metricName} ${labels['le'] ?? ''}`.trim(), value]),
  );
}

describe('the durations of a route', () => {
  it('are counted up to each bound, the bound included', () => {
    const durations = createRouteDurations([0.1, 0.5]);
    for (const seconds of [0, 0.1, 0.1001, 0.5, 0.6, 100]) durations.observe('GET', '/', 200, seconds);
    expect([...samplesOf(durations, '/')]).toEqual([
      ['t_bucket 0.1', 2],
      ['t_bucket 0.5', 4],
      ['t_bucket +Inf', 6],
      ['t_sum', expect.closeTo(101.3001, 9)],
      ['t_count', 6],
    ]);
  });

  it('are what a count by hand makes of many', () => {
    const bounds = [0.005, 0.01, 0.25, 1];
    const durations = createRouteDurations(bounds);
    const random = createRandom(5);
    const seconds = Array.from({ length: 20_000 }, () => random() ** 4 * 3);
    for (const one of seconds) durations.observe('POST', '/process', 200, one);
    const samples = samplesOf(durations, '/process');
    for (const bound of bounds) {
      expect(samples.get(`t_bucket ${bound}`)).toBe(seconds.filter((one) => one <= bound).length);
    }
  });

  it('are kept apart by method, route and status', () => {
    const durations = createRouteDurations([1]);
    durations.observe('GET', '/a', 200, 0);
    durations.observe('GET', '/a', 200, 0);
    durations.observe('GET', '/a', 500, 0);
    durations.observe('POST', '/a', 200, 0);
    durations.observe('GET', '/b', 200, 0);
    expect(durations.series().map(({ labels, count }) => [...Object.values(labels), count])).toEqual([
      ['GET', '/a', 200, 2],
      ['GET', '/a', 500, 1],
      ['POST', '/a', 200, 1],
      ['GET', '/b', 200, 1],
    ]);
  });

  it('keep the newest exemplar of each bucket', () => {
    const durations = createRouteDurations([0.1, 1]);
    const exemplar = (id: string, value: number) => ({ labelSet: { trace_id: id }, value, timestamp: 1 });
    durations.observe('GET', '/', 200, 0.05, exemplar('old', 0.05));
    durations.observe('GET', '/', 200, 0.06, exemplar('new', 0.06));
    durations.observe('GET', '/', 200, 0.07);
    durations.observe('GET', '/', 200, 5, exemplar('slow', 5));
    const ids = histogramSamples('t', durations).map((one) => one.exemplar?.labelSet['trace_id']);
    expect(ids).toEqual(['new', undefined, 'slow', undefined, undefined]);
  });
});
