import { describe, expect, it } from 'vitest';
import { highestPeak, nextPeaks } from '../../../../src/api/page/workload/peaks.js';

/** A day of five-minute points with summits at noon (100) and in the evening (150). */
const points = Array.from({ length: 288 }, (_, index) => {
  const hour = index / 12;
  const median = 20 + 80 * Math.exp(-((hour - 12) ** 2)) + 130 * Math.exp(-((hour - 19) ** 2));
  return { t: index * 300, median, quantiles: { '0.9': 1.2 * median } };
});
const options = { threshold: 10, maxReplicas: 15, nowSeconds: 0 };

describe('the next peaks', () => {
  it('are the summits in order of time, each with the replicas that it needs', () => {
    const peaks = nextPeaks(points, options);
    expect(peaks.map(({ t, replicas, isAboveMax }) => [t / 3600, replicas, isAboveMax])).toEqual([
      [12, 12, false],
      [19, 18, true],
    ]);
    expect(highestPeak(peaks)).toMatchObject({ t: 19 * 3600 });
  });

  it('have the highest point of all among them, even at the end of the forecast', () => {
    const rising = points.map((point, index) => ({ ...point, quantiles: { '0.9': index } }));
    expect(nextPeaks(rising, options)).toMatchObject([{ t: 287 * 300, bound: 287 }]);
  });

  it('are one where they are nearer to each other than three hours', () => {
    const twin = points.map(({ t }) => {
      const hour = t / 3600;
      const median = 100 * Math.exp(-16 * (hour - 11) ** 2) + 90 * Math.exp(-16 * (hour - 13) ** 2);
      return { t, median, quantiles: { '0.9': 20 + median } };
    });
    expect(nextPeaks(twin, options).map(({ t }) => t / 3600)).toEqual([11]);
  });

  it('are to come', () => {
    expect(nextPeaks(points, { ...options, nowSeconds: 15 * 3600 })).toHaveLength(1);
    expect(nextPeaks([], options)).toEqual([]);
    expect(highestPeak([])).toBeUndefined();
  });

  it('are above no maximum that is not known', () => {
    const peaks = nextPeaks(points, { ...options, maxReplicas: null });
    expect(peaks.map(({ isAboveMax }) => isAboveMax)).toEqual([false, false]);
  });
});
