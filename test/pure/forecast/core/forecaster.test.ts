import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createForecaster,
  type Forecaster,
  forecastSeries,
  modelOptionsFor,
} from '../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import { noisyWeek, workingWeek } from './made-series.ts';

const day = 86_400;
const hour = 3600;
/** A Saturday's midnight. */
const start = 19_000 * day;

function learned(options: {
  readonly days: number;
  readonly stepSeconds?: number;
  readonly value?: (unixSeconds: number) => number;
}): Forecaster {
  const { days, stepSeconds = 300, value = noisyWeek(1) } = options;
  const forecaster = createForecaster({ stepSeconds });
  for (let t = start + stepSeconds; t <= start + days * day; t += stepSeconds)
    forecaster.observe(t, value(t));
  return forecaster;
}

function median(forecaster: Forecaster, horizonSteps: number): Float64Array {
  const result = forecaster.forecast({ horizonSteps });
  if (result.status !== 'ok') throw new Error(`still learning: ${result.reasons[0]?.message}`);
  return result.median;
}

describe('the cold-start ladder', () => {
  it('says "learning" and why before the first row', () => {
    expect(createForecaster({ stepSeconds: 60 }).forecast({ horizonSteps: 1 })).toMatchObject({
      status: 'learning',
      reasons: [{ code: 'insufficient-history' }],
    });
  });

  it('says what it has and what it needs while history is short', () => {
    const result = learned({ days: 0.25 }).forecast({ horizonSteps: 12 });
    expect(result).toMatchObject({
      status: 'learning',
      reasons: [{ message: 'has 6 hours of history, a forecast needs 2 days (two of its shortest season)' }],
    });
  });

  it('knows the day after days and the week after weeks', () => {
    const seasons = (days: number) => {
      const result = learned({ days }).forecast({ horizonSteps: 1 });
      return result.status === 'ok' ? result.seasonsSeconds : undefined;
    };
    expect(seasons(1.9)).toBeUndefined();
    expect(seasons(4)).toEqual([day]);
    expect(seasons(15)).toEqual([day, 7 * day]);
  });

  it('runs on without data for a quarter of a season, then says that it has seen nothing', () => {
    const forecaster = learned({ days: 10 });
    const newest = forecaster.newestSeconds;
    forecaster.observe(newest + 5 * 3600, Number.NaN);
    expect(forecaster.forecast({ horizonSteps: 1 }).status).toBe('ok');
    forecaster.observe(newest + 7 * 3600, Number.NaN);
    expect(forecaster.forecast({ horizonSteps: 1 })).toMatchObject({
      status: 'learning',
      reasons: [{ code: 'no-recent-data' }],
    });
  });
});

describe('the forecast', () => {
  it('starts one grid step after the newest grid point, whatever finer rows came since', () => {
    const forecaster = learned({ days: 3, stepSeconds: 60 });
    forecaster.observe(start + 3 * day + 120, 5);
    expect(forecaster.forecast({ horizonSteps: 2 })).toMatchObject({
      origin: start + 3 * day,
      stepSeconds: 300,
    });
  });

  it('foresees the morning ramp of a weekday and the quiet of a weekend', () => {
    const errors = [1, 2, 3].map((seed) => {
      const value = noisyWeek(seed);
      const forecaster = learned({ days: 18.25, value });
      const wednesdayNoon = median(forecaster, 72)[71] ?? 0;
      for (let t = start + 18.25 * day + 300; t <= start + 21 * day; t += 300)
        forecaster.observe(t, value(t));
      const saturdayNoon = median(forecaster, 144)[143] ?? 0;
      return {
        weekday: Math.abs(wednesdayNoon - workingWeek(start + 18.5 * day)),
        weekend: Math.abs(saturdayNoon - workingWeek(start + 21.5 * day)),
      };
    });
    const middle = (values: number[]) => values.sort((a, b) => a - b)[1];
    // Noon is at 98 on a weekday and at 54 on a weekend. Measured: 1 and 9.
    expect(middle(errors.map(({ weekday }) => weekday))).toBeLessThan(12);
    expect(middle(errors.map(({ weekend }) => weekend))).toBeLessThan(12);
  });

  it('covers what its quantiles say, within what three weeks can show', () => {
    const value = noisyWeek(5, 2);
    const forecaster = createForecaster({ stepSeconds: 300 });
    let count = 0;
    const covered = { '0.9': 0, '0.99': 0 };
    let kept: { at: number; result: ReturnType<Forecaster['forecast']> } | undefined;
    for (let t = start + 300; t <= start + 28 * day; t += 300) {
      const y = value(t);
      if (kept !== undefined && t === kept.at + 1800) {
        if (kept.result.status === 'ok') {
          count++;
          for (const level of ['0.9', '0.99'] as const) {
            if (y <= (kept.result.quantiles[level]?.[5] ?? 0)) covered[level]++;
          }
        }
        kept = undefined;
      }
      forecaster.observe(t, y);
      if (kept === undefined && t > start + 10 * day)
        kept = { at: t, result: forecaster.forecast({ horizonSteps: 6 }) };
    }
    // 741 forecasts: four standard errors of a binomial share.
    expect(count).toBeGreaterThan(700);
    expect(Math.abs(covered['0.9'] / count - 0.9)).toBeLessThan(0.045);
    expect(Math.abs(covered['0.99'] / count - 0.99)).toBeLessThan(0.015);
  });

  it('scales with its input: the same traffic in another unit gives the same forecast in that unit', () => {
    const one = median(learned({ days: 5, value: noisyWeek(3) }), 48);
    for (const factor of [1e-6, 60, 1e9]) {
      const value = noisyWeek(3);
      const scaled = median(learned({ days: 5, value: (t) => factor * value(t) }), 48);
      for (let h = 0; h < 48; h++) expect((scaled[h] ?? 0) / factor / (one[h] ?? 1)).toBeCloseTo(1, 3);
    }
  });

  it('follows a new level within hours', () => {
    const value = (t: number) => workingWeek(t) * (t > start + 20 * day ? 1.5 : 1);
    const forecaster = learned({ days: 20.5, value });
    expect((median(forecaster, 6)[5] ?? 0) / value(start + 20.5 * day + 1800)).toBeGreaterThan(0.9);
  });

  it('holds through gaps: they are no zeros', () => {
    const random = createRandom(9);
    const value = (t: number) => (random() < 0.2 ? Number.NaN : workingWeek(t));
    const path = median(learned({ days: 18.5, value }), 12);
    for (let h = 1; h <= 12; h++) {
      const truth = workingWeek(start + 18.5 * day + h * 300);
      expect(Math.abs((path[h - 1] ?? 0) - truth)).toBeLessThan(0.08 * truth);
    }
  });

  it('does not depend on how it is asked', () => {
    const forecaster = learned({ days: 10 });
    const far = median(forecaster, 100);
    const near = median(forecaster, 10);
    expect([...near]).toEqual([...far.slice(0, 10)]);
    expect(median(forecaster, 100)).toEqual(far);
  });
});

describe('the peak', () => {
  const forecaster = learned({ days: 10, stepSeconds: 60, value: noisyWeek(11, 2) });
  const bound = (windowSeconds: number, level: number) => {
    const result = forecaster.peak({ windowSeconds, quantiles: [level] });
    if (result.status !== 'ok') throw new Error('still learning');
    return result.quantiles[String(level)] ?? Number.NaN;
  };

  it('is of the finest rows: above the bound of a single grid value', () => {
    const forecast = forecaster.forecast({ horizonSteps: 1, quantiles: [0.5] });
    expect(forecast.status === 'ok' && bound(300, 0.5) > (forecast.median[0] ?? 0)).toBe(true);
  });

  it('rises with the level', () => {
    expect(bound(1800, 0.5)).toBeLessThan(bound(1800, 0.9));
    expect(bound(1800, 0.9)).toBeLessThan(bound(1800, 0.99));
  });

  it('covers the largest row within the window as often as it says', () => {
    const value = noisyWeek(21, 2);
    const replayed = createForecaster({ stepSeconds: 60 });
    const windows: { until: number; bound: number; largest: number }[] = [];
    for (let t = start + 60; t <= start + 24 * day; t += 60) {
      const y = value(t);
      for (const window of windows) if (t <= window.until) window.largest = Math.max(window.largest, y);
      replayed.observe(t, y);
      if (t < start + 12 * day || t % 900 !== 0) continue;
      const peak = replayed.peak({ windowSeconds: 900, quantiles: [0.95] });
      if (peak.status === 'ok')
        windows.push({ until: t + 900, bound: peak.quantiles['0.95'] ?? 0, largest: 0 });
    }
    const whole = windows.slice(0, -1);
    const share = whole.filter((window) => window.largest <= window.bound).length / whole.length;
    expect(whole.length).toBeGreaterThan(1000);
    expect(Math.abs(share - 0.95)).toBeLessThan(0.03);
  });

  it('is trusted while it serves', () => {
    const peak = forecaster.peak({ windowSeconds: 1800 });
    expect(peak).toMatchObject({ status: 'ok' });
  });

  it('gives bounds in the order that levels are asked in, and the same whatever was asked before', () => {
    const levels = [0.99, 0.5, 0.913, 0.2, 0.95];
    const [asked, fresh] = [learned({ days: 5 }), learned({ days: 5 })];
    for (const [windowSeconds, leadSeconds] of [
      [600, 0],
      [600, 90],
      [1800, 90],
      [600, 0],
    ] as const) {
      for (const level of levels) asked.peak({ windowSeconds, leadSeconds, quantiles: [level] });
      const peak = asked.peak({ windowSeconds, leadSeconds, quantiles: levels });
      if (peak.status !== 'ok') throw new Error('there is no peak');
      expect(peak.bounds).toEqual(levels.map((level) => peak.quantiles[String(level)]));
      expect(Object.keys(peak.quantiles)).toEqual(['0.2', '0.5', '0.913', '0.95', '0.99']);
      const once = fresh.peak({ windowSeconds, leadSeconds, quantiles: levels });
      expect(once.status === 'ok' && once.bounds).toEqual(peak.bounds);
    }
    // A row later everything may be different.
    const before = asked.peak({ windowSeconds: 600 });
    asked.observe(asked.newestSeconds + asked.stepSeconds, 1000);
    const after = asked.peak({ windowSeconds: 600 });
    expect(after.status === 'ok' && before.status === 'ok' && after.origin - before.origin).toBe(
      asked.stepSeconds,
    );
  });

  it('asks no longer for the spikes of a time that is over', () => {
    const random = createRandom(2);
    const value = (t: number) => (t <= start + 2 * day && random() < 0.05 ? 1000 : 10);
    const bound = (days: number) => {
      const peak = learned({ days, value }).peak({ windowSeconds: 600 });
      return peak.status === 'ok' ? peak.quantiles['0.99'] : Number.NaN;
    };
    expect(bound(2)).toBeGreaterThan(900);
    expect(bound(4)).toBeLessThan(30);
  });

  it('knows the highest credible demand, which one lonely spike is not', () => {
    const spiky = learned({ days: 10, value: (t) => (t === start + 9.5 * day ? 1e6 : workingWeek(t)) });
    const peak = spiky.peak({ windowSeconds: 600 });
    expect(peak.status === 'ok' && Math.abs(peak.credibleMaximum - 100)).toBeLessThan(3);
  });
});

it('the forecast is scored as far ahead as will be asked, a season at least', () => {
  const farthest = (horizonSeconds: number, seasonsSeconds?: readonly number[]) =>
    createForecaster({
      stepSeconds: 300,
      ...modelOptionsFor({ seasonsSeconds }, horizonSeconds),
    })
      .accuracy()
      .at(-1)?.horizonSeconds;
  expect(farthest(hour)).toBe(day);
  expect(farthest(3 * day)).toBe(3 * day);
  expect(farthest(day, [8 * hour])).toBe(day);
});

describe('observing', () => {
  it('ignores rows that are not newer, and says so', () => {
    const forecaster = learned({ days: 5 });
    const before = median(forecaster, 12);
    expect(forecaster.observe(start + 5 * day, 1e6)).toBe(false);
    expect(forecaster.observe(start + day, 1e6)).toBe(false);
    expect(median(forecaster, 12)).toEqual(before);
  });

  it('remembers what was observed on the grid', () => {
    const forecaster = learned({ days: 3, value: workingWeek });
    const { timestamps, values } = forecaster.history(start + 2 * day, start + 2 * day + 1500);
    expect([...timestamps]).toEqual(
      [0, 300, 600, 900, 1200, 1500].map((seconds) => start + 2 * day + seconds),
    );
    for (const [index, value] of values.entries()) {
      expect(Math.abs(value / workingWeek(timestamps[index] ?? 0) - 1)).toBeLessThan(0.0004);
    }
  });

  it('gives finite, ordered, repeatable answers whatever it is fed', () => {
    const row = fc.oneof(
      fc.double({ min: 0, max: 1e12, noNaN: true }),
      fc.constantFrom(0, 1, 1e-9, 1e15, Number.NaN, -1, Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 60, maxLength: 300 }),
        fc.integer({ min: 1, max: 5 }),
        (rows, gap) => {
          const answers = [0, 1].map(() => {
            const forecaster = createForecaster({ stepSeconds: 3600 });
            let t = start;
            for (const [index, value] of rows.entries()) {
              t += index % 37 === 0 ? gap * 3600 : 3600;
              forecaster.observe(t, value);
            }
            return [
              forecaster.forecast({ horizonSteps: 48 }),
              forecaster.peak({ windowSeconds: 7200 }),
            ] as const;
          });
          expect(answers[0]).toEqual(answers[1]);
          const [forecast, peak] = answers[0] ?? [];
          if (forecast?.status === 'ok') {
            const paths = ['0.5', '0.9', '0.95', '0.99'].map(
              (level) => forecast.quantiles[level] ?? new Float64Array(48).fill(Number.NaN),
            );
            for (let h = 0; h < 48; h++) {
              const rising = paths.map((path) => path[h] ?? Number.NaN);
              expect(rising.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
              expect([...rising].sort((a, b) => a - b)).toEqual(rising);
            }
          }
          if (peak?.status === 'ok')
            for (const value of Object.values(peak.quantiles)) expect(Number.isFinite(value)).toBe(true);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('refuses lengths that cannot work', () => {
    expect(() => createForecaster({ stepSeconds: 0 })).toThrow(RangeError);
    expect(() => createForecaster({ stepSeconds: 60, seasonsSeconds: [600] })).toThrow(/at least 20 steps/);
    expect(() => createForecaster({ stepSeconds: 60, seasonsSeconds: [7 * day, day] })).toThrow(RangeError);
  });
});

describe('compressed time', () => {
  it('finds a day of four minutes and its week, and foresees its ramp', () => {
    const compressed = (t: number) => workingWeek((t / 240) * day);
    const forecaster = createForecaster({ stepSeconds: 1, seasonsSeconds: [240, 1680] });
    const monday = Math.ceil(1_700_000_000 / 1680) * 1680 + 4 * 240;
    for (let t = monday - 3600; t <= monday + 60; t++) forecaster.observe(t, compressed(t));
    const result = forecaster.forecast({ horizonSteps: 60 });
    expect(result).toMatchObject({ status: 'ok', stepSeconds: 1, seasonsSeconds: [240, 1680] });
    const noon = result.status === 'ok' ? (result.median[59] ?? 0) : 0;
    expect(Math.abs(noon - compressed(monday + 120))).toBeLessThan(8);
  });
});

describe('forecastSeries', () => {
  it('forecasts a short hourly series in one call', () => {
    const values = Array.from({ length: 700 }, (_, hour) => workingWeek(start + hour * 3600));
    const { median: path, quantiles } = forecastSeries(values, {
      stepSeconds: 3600,
      horizonSteps: 48,
      quantiles: [0.025, 0.975],
    });
    expect(path).toHaveLength(48);
    for (let h = 0; h < 48; h++) {
      expect(Math.abs((path[h] ?? 0) - workingWeek(start + (700 + h) * 3600))).toBeLessThan(12);
      expect(quantiles['0.025']?.[h]).toBeLessThanOrEqual(path[h] ?? 0);
      expect(quantiles['0.975']?.[h]).toBeGreaterThanOrEqual(path[h] ?? 0);
    }
  });

  it('takes seasons of any length, short ones included', () => {
    const values = Array.from({ length: 300 }, (_, i) => 10 + 5 * ((i % 7) / 7));
    const { median: path } = forecastSeries(values, { stepSeconds: day, seasonSteps: 7, horizonSteps: 7 });
    for (let h = 0; h < 7; h++) expect(path[h]).toBeCloseTo(10 + 5 * (((300 + h) % 7) / 7), 0);
  });

  it('says how many values it needs', () => {
    expect(() => forecastSeries([1, 2, 3], { stepSeconds: 3600, horizonSteps: 4 })).toThrow(
      /give at least 48/,
    );
  });
});
