import { describe, expect, it } from 'vitest';
import { fewestPooledSeries } from '../../../../../../src/forecast/core/batch/pooled/pooled-correction.ts';
import {
  forecastSeries,
  forecastSeriesTogether,
  type SeriesForecast,
} from '../../../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../../../src/load-shapes/index.ts';
import { normal } from '../../made-series.ts';

const day = 24;
const length = 30 * day + 9;
const options = { stepSeconds: 3600, horizonSteps: day, quantiles: [0.025, 0.5, 0.975] };

/**
 * A day and noise; on one day of five, by chance, demand is twice as high, from midnight to midnight. No expert knows that such a day
 * ends at midnight, and one series has too few of them to learn it from.
 */
function withHighDays(seed: number): number[] {
  const random = createRandom(seed);
  const high = Array.from({ length: 40 }, () => random() < 0.2);
  return Array.from({ length: length + day }, (_, step) => {
    const usual = 100 + 60 * Math.sin((2 * Math.PI * step) / day);
    return Math.max(0, usual * (high[Math.floor(step / day)] === true ? 2 : 1) * (1 + 0.05 * normal(random)));
  });
}

const pastsOf = (all: readonly number[][]) => all.map((values) => values.slice(0, length));
function errorOf(all: readonly number[][], forecasts: readonly SeriesForecast[]): number {
  return all.reduce(
    (sum, values, i) =>
      sum +
      values
        .slice(length)
        .reduce((own, truth, h) => own + Math.abs(truth - (forecasts[i]?.median[h] ?? 0)), 0),
    0,
  );
}

describe('many series with a habit in common', () => {
  const all = Array.from({ length: fewestPooledSeries + 10 }, (_, i) => withHighDays(100 + i));
  const together = forecastSeriesTogether(pastsOf(all), options);
  const alone = pastsOf(all).map((values) => forecastSeries(values, options));

  it('are forecast better than each for itself', () => {
    expect(errorOf(all, together)).toBeLessThan(0.95 * errorOf(all, alone));
  });

  it('have bounds around the median that is served', () => {
    for (const { median, quantiles } of together)
      median.forEach((value, h) => {
        expect(quantiles['0.5']?.[h]).toBe(value);
        expect(quantiles['0.025']?.[h]).toBeLessThanOrEqual(value);
        expect(quantiles['0.975']?.[h]).toBeGreaterThanOrEqual(value);
      });
  });

  it('have the same answers in any order, and beside a constant, to the bit', () => {
    const order = all.map((_, i) => (7 * i) % all.length);
    const constant = new Float64Array(length).fill(3);
    const [first, ...shuffled] = forecastSeriesTogether(
      [constant, ...order.map((i) => pastsOf(all)[i] ?? [])],
      options,
    );
    expect(first?.median.every((value) => value === 3)).toBe(true);
    expect(shuffled).toEqual(order.map((i) => together[i]));
  });

  it('are helped beside series that are mostly missing, short, or jump by chance', () => {
    const random = createRandom(77);
    const garbage = [
      ...Array.from({ length: 3 }, () =>
        Array.from({ length }, () => (random() < 0.8 ? Number.NaN : random())),
      ),
      ...Array.from({ length: 3 }, () => Array.from({ length: 60 }, () => 5 + random())),
      ...Array.from({ length: 3 }, () => Array.from({ length }, () => random() ** -3)),
    ];
    const beside = forecastSeriesTogether([...pastsOf(all), ...garbage], options);
    expect(errorOf(all, beside)).toBeLessThan(1.02 * errorOf(all, together));
    for (const { quantiles } of beside)
      for (const path of Object.values(quantiles))
        expect(path.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  });
});
