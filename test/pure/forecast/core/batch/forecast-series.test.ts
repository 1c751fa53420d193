import { describe, expect, it } from 'vitest';
import {
  forecastSeries,
  forecastSeriesTogether,
  type SeriesForecast,
} from '../../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal } from '../made-series.ts';

const hour = { stepSeconds: 3600, horizonSteps: 48 };
const length = 700;

type Shape = (step: number) => number;
const upTo = (steps: number, shape: Shape) => Array.from({ length: steps }, (_, step) => shape(step));
const at = (path: ArrayLike<number> | undefined, h: number) => path?.[h] ?? Number.NaN;

/** Day and week, without noise. */
const cleanWeek: Shape = (step) => {
  const isWeekend = step % 168 >= 120;
  return 100 + (isWeekend ? 20 : 60) * Math.sin((2 * Math.PI * step) / 24) + (isWeekend ? -25 : 0);
};

/** Five kinds of hourly series, each another draw for another seed: value at every step. */
const families: Readonly<Record<string, (seed: number) => Shape>> = {
  'noisy week': (seed) => {
    const random = createRandom(seed);
    return (step) => Math.max(0, cleanWeek(step) * (1 + 0.08 * normal(random)));
  },
  'electricity with weather': (seed) => {
    const random = createRandom(seed);
    let weather = 0;
    return (step) => {
      weather = 0.98 * weather + 1.5 * normal(random);
      return Math.max(0, 3 * cleanWeek(step) + weather * 4);
    };
  },
  'counts of visits': (seed) => {
    const random = createRandom(seed);
    return (step) =>
      Math.max(0, Math.round(cleanWeek(step) / 5 + Math.sqrt(cleanWeek(step) / 5) * normal(random)));
  },
  'growing demand': (seed) => {
    const random = createRandom(seed);
    return (step) => cleanWeek(step) * (1 + step / 700) + 5 * normal(random);
  },
  'wandering level': (seed) => {
    const random = createRandom(seed);
    let level = 400;
    return (step) => {
      level = Math.max(100, level + 3 * normal(random));
      return level + 30 * Math.sin((2 * Math.PI * step) / 24) + 4 * normal(random);
    };
  },
};

describe('what a series forecast promises', () => {
  const values = upTo(length, families['noisy week']?.(1) ?? cleanWeek);
  const levels = [0.01, 0.1, 0.5, 0.9, 0.975, 0.99];

  it('is finite, not negative, of the length asked for, and its quantiles rise', () => {
    for (const make of Object.values(families)) {
      const { median, quantiles } = forecastSeries(upTo(length, make(2)), { ...hour, quantiles: levels });
      expect(median).toHaveLength(48);
      expect(Object.keys(quantiles)).toEqual(levels.map(String));
      expect(quantiles['0.5']).toEqual(median);
      for (let h = 0; h < 48; h++) {
        const rising = levels.map((level) => at(quantiles[String(level)], h));
        expect(rising.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect([...rising].sort((a, b) => a - b)).toEqual(rising);
      }
    }
  });

  it('gives the usual quantiles where none are asked for', () => {
    expect(Object.keys(forecastSeries(values, hour).quantiles)).toEqual(['0.5', '0.9', '0.95', '0.99']);
  });

  it('is the same for the same values, to the bit, and leaves them alone', () => {
    const given = Float64Array.from(values);
    const first = forecastSeries(given, hour);
    expect(forecastSeries(given, hour)).toEqual(first);
    expect(given).toEqual(Float64Array.from(values));
  });

  it.each([1e-9, 1e-3, 7, 1e12])('scales with its input, here by %d', (factor) => {
    const { median, quantiles } = forecastSeries(values, hour);
    const scaled = forecastSeries(
      values.map((value) => value * factor),
      hour,
    );
    for (let h = 0; h < 48; h++) {
      expect(at(scaled.median, h) / factor / at(median, h)).toBeCloseTo(1, 4);
      expect(at(scaled.quantiles['0.99'], h) / factor / at(quantiles['0.99'], h)).toBeCloseTo(1, 4);
    }
  });

  it.each([
    [{ stepSeconds: 0 }, /stepSeconds must be above 0, not 0/],
    [{ horizonSteps: 0 }, /horizonSteps must be a whole number from 1, not 0/],
    [{ horizonSteps: 1.5 }, /horizonSteps must be a whole number from 1, not 1.5/],
    [{ seasonSteps: 2.5 }, /seasonSteps must be a whole number from 1, not 2.5/],
    [{ quantiles: [0.5, 1] }, /quantiles must be between 0 and 1, not 1/],
    [{ seasonSteps: 400 }, /700 values are too few; give at least 800, two seasons of 400 steps/],
  ])('names the option that cannot work: %o', (wrong, message) => {
    expect(() => forecastSeries(values, { ...hour, ...wrong })).toThrow(message);
  });

  it('says how many values are present where too few of them are', () => {
    const holed = values.map((value, i) => (i < 20 ? value : Number.NaN));
    expect(() => forecastSeries(holed, hour)).toThrow(/20 of 700 values are present; give at least 24/);
  });
});

describe('many series at once', () => {
  const series = Object.values(families).map((make) => upTo(length, make(3)));
  const together = forecastSeriesTogether(series, hour);

  it('are each forecast in their order, with all that one series promises', () => {
    expect(together).toHaveLength(series.length);
    for (const { median, quantiles } of together) {
      expect(quantiles['0.5']).toEqual(median);
      for (let h = 0; h < 48; h++) {
        expect(Number.isFinite(at(median, h)) && at(median, h) >= 0).toBe(true);
        expect(at(quantiles['0.99'], h)).toBeGreaterThanOrEqual(at(median, h));
      }
    }
  });

  it('have the same answers in any order, to the bit', () => {
    const order = [3, 0, 4, 2, 1];
    const shuffled = forecastSeriesTogether(
      order.map((i) => series[i] ?? []),
      hour,
    );
    expect(shuffled).toEqual(order.map((i) => together[i]));
  });

  it('learn from one another, and one alone has the answer of one alone', () => {
    expect(forecastSeriesTogether(series.slice(0, 1), hour)[0]).toEqual(
      forecastSeries(series[0] ?? [], hour),
    );
    expect(together[0]?.median).not.toEqual(forecastSeries(series[0] ?? [], hour).median);
    expect(forecastSeriesTogether([], hour)).toEqual([]);
  });

  it('learn nothing from one that is constant, which stays so', () => {
    const constant = new Float64Array(length).fill(7);
    const [first, ...others] = forecastSeriesTogether([constant, ...series], hour);
    expect(first?.median.every((value) => value === 7)).toBe(true);
    expect(others).toEqual(together);
  });

  it('learn from one another where the season is no day, too', () => {
    const days = series.map((values) => values.slice(0, 70));
    const options = { stepSeconds: 86_400, seasonSteps: 7, horizonSteps: 7 };
    const [first] = forecastSeriesTogether(days, options);
    const alone = forecastSeries(days[0] ?? [], options);
    expect(first?.median).not.toEqual(alone.median);
    expect(forecastSeriesTogether(days.slice(0, 1), options)).toEqual([alone]);
  });

  it('name the series that cannot be forecast, and the option', () => {
    expect(() => forecastSeriesTogether([...series, [1, 2, 3]], hour)).toThrow(
      /^forecastSeriesTogether: series 5: 3 values are too few; give at least 48/,
    );
    expect(() => forecastSeriesTogether(series, { ...hour, horizonSteps: 0 })).toThrow(
      /^forecastSeriesTogether: horizonSteps must be a whole number from 1, not 0/,
    );
  });
});

describe('known answers', () => {
  it('continues a daily and weekly cycle within a hundredth', () => {
    for (const start of [0, 5, 50, 131]) {
      const { median, quantiles } = forecastSeries(
        upTo(length, (step) => cleanWeek(step + start)),
        hour,
      );
      for (let h = 0; h < 48; h++) {
        const truth = cleanWeek(start + length + h);
        expect(Math.abs(at(median, h) / truth - 1)).toBeLessThan(0.01);
        expect(at(quantiles['0.99'], h)).toBeLessThan(1.05 * truth);
      }
    }
  });

  it.each([0, 42, 1e12, 1e-9])('a series that is always %d stays so, exactly', (value) => {
    const { median, quantiles } = forecastSeries(new Float64Array(length).fill(value), hour);
    for (const path of [median, quantiles['0.99'] ?? []])
      expect(path.every((predicted) => predicted === value)).toBe(true);
  });

  it('does not run away with a trend', () => {
    const { median, quantiles } = forecastSeries(
      upTo(length, (step) => 10 * Math.exp(step / 150)),
      { ...hour, horizonSteps: 200 },
    );
    const last = 10 * Math.exp((length - 1) / 150);
    expect(Math.max(...median)).toBeLessThan(2 * last);
    expect(Math.max(...(quantiles['0.99'] ?? []))).toBeLessThan(4 * last);
  });

  it('sees through a fifth of the values missing and a hole at the end', () => {
    const random = createRandom(9);
    const holed = upTo(length, (step) =>
      random() < 0.2 || step >= length - 6 ? Number.NaN : cleanWeek(step),
    );
    const { median } = forecastSeries(holed, hour);
    for (let h = 0; h < 48; h++)
      expect(Math.abs(at(median, h) / cleanWeek(length + h) - 1)).toBeLessThan(0.06);
  });

  it('keeps the shape of a series that is high for its range', () => {
    const { median } = forecastSeries(
      upTo(length, (step) => 1e7 + cleanWeek(step)),
      hour,
    );
    for (let h = 0; h < 48; h++)
      expect(Math.abs(at(median, h) - 1e7 - cleanWeek(length + h))).toBeLessThan(2);
  });

  it.each([
    ['two days of hours', 48, { stepSeconds: 3600 }, 24],
    ['two weeks of days', 14, { stepSeconds: 86_400, seasonSteps: 7 }, 7],
    ['five weeks of days', 35, { stepSeconds: 86_400, seasonSteps: 7 }, 7],
    ['months', 60, { stepSeconds: 2_629_800, seasonSteps: 12 }, 12],
    ['quarter hours', 1000, { stepSeconds: 900 }, 96],
    ['four weeks of five minutes', 8064, { stepSeconds: 300 }, 288],
  ])('follows one cycle in %s', (_name, count, options, season) => {
    const cycle = (step: number) => 20 + 10 * Math.sin((2 * Math.PI * step) / season);
    const { median } = forecastSeries(upTo(count, cycle), { ...options, horizonSteps: season });
    for (let h = 0; h < season; h++) expect(Math.abs(at(median, h) - cycle(count + h))).toBeLessThan(1.5);
  });

  it('stays near the last value where there is no season', () => {
    const random = createRandom(21);
    let level = 1000;
    const walk = upTo(300, () => {
      level += 5 * normal(random);
      return level;
    });
    const { median } = forecastSeries(walk, { stepSeconds: 3600, seasonSteps: 1, horizonSteps: 10 });
    for (const value of median) expect(Math.abs(value - level)).toBeLessThan(20);
  });
});

describe('accuracy on series that were never seen', () => {
  /** Fifteen series of each family, ending at all days of the week, their next two days, and what was said of them. */
  const cases = Object.entries(families).map(([name, make]) => ({
    name,
    runs: Array.from({ length: 15 }, (_, i) => {
      const known = length + 11 * i;
      const all = upTo(known + 48, make(100 + i));
      const said = forecastSeries(all.slice(0, known), { ...hour, quantiles: [0.025, 0.975] });
      return { yesterday: all.slice(known - 24, known), next: all.slice(known), said };
    }),
  }));
  const absoluteError = (next: readonly number[], predict: (h: number) => number) =>
    next.reduce((sum, truth, h) => sum + Math.abs(truth - predict(h)), 0);
  const relative = cases.map(({ name, runs }) => {
    const own = runs.map(({ next, said }) => absoluteError(next, (h) => at(said.median, h)));
    const naive = runs.map(({ next, yesterday }) => absoluteError(next, (h) => at(yesterday, h % 24)));
    return { name, ratio: total(own) / total(naive) };
  });

  it.each(relative)('has a smaller error than the daily seasonal naive on $name', ({ ratio }) => {
    expect(ratio).toBeLessThan(0.95);
  });

  it('has 0.7 of its error over all', () => {
    const logs = relative.map(({ ratio }) => Math.log(ratio));
    expect(Math.exp(total(logs) / logs.length)).toBeLessThan(0.7);
  });

  it('covers 95 % within 3 % over all, and no family less than 88 %', () => {
    const isCovered = (truth: number, h: number, { quantiles }: SeriesForecast) =>
      truth >= at(quantiles['0.025'], h) && truth <= at(quantiles['0.975'], h);
    const shares = cases.map(
      ({ runs }) =>
        total(runs.map(({ next, said }) => next.filter((truth, h) => isCovered(truth, h, said)).length)) /
        (48 * runs.length),
    );
    expect(Math.abs(total(shares) / shares.length - 0.95)).toBeLessThan(0.03);
    expect(Math.min(...shares)).toBeGreaterThan(0.88);
  });
});

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
