import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestOptions, backtest, splitHorizons } from '../../../../src/forecast/backtest/backtest.ts';
import { scoreBacktest } from '../../../../src/forecast/backtest/score.ts';
import type { History } from '../../../../src/history/source.ts';
import { noisyWeek, workingWeek } from '../core/made-series.ts';

const day = 86_400;
const hour = 3600;
const start = 19_000 * day;

function hourly(days: number, seed = 1): History {
  const value = noisyWeek(seed);
  const timestamps = Float64Array.from({ length: days * 24 }, (_, i) => start + (i + 1) * hour);
  return { stepSeconds: hour, timestamps, values: timestamps.map(value), warnings: [] };
}

const options: BacktestOptions = {
  fromSeconds: start + 4 * day,
  everySeconds: 6 * hour,
  horizonsSeconds: [hour, 6 * hour, day],
  windowsSeconds: [2 * hour],
  quantiles: [0.5, 0.9, 0.99],
  model: {},
};

describe('backtest', () => {
  it('has a line an origin: every horizon, every window, every quantile', () => {
    const lines = [...backtest(hourly(10), options)];
    expect(lines.map(({ origin }) => origin)).toEqual(
      Array.from({ length: 25 }, (_, i) => start + 4 * day + i * 6 * hour),
    );
    const last = lines.at(-1);
    expect(last?.forecasts.map(({ horizonSeconds }) => horizonSeconds)).toEqual(options.horizonsSeconds);
    for (const { median, quantiles } of last?.forecasts ?? []) {
      expect(Object.keys(quantiles)).toEqual(['0.5', '0.9', '0.99']);
      expect(quantiles['0.5']).toBe(median);
    }
    expect(last?.peaks.map(({ windowSeconds }) => windowSeconds)).toEqual([2 * hour]);
  });

  it('aligns origins up to the grid, and leaves lines empty while it learns', () => {
    const lines = [...backtest(hourly(4), { ...options, fromSeconds: start + 1.5 * hour })];
    expect(lines[0]).toEqual({ origin: start + 2 * hour, forecasts: [], peaks: [] });
  });

  it('uses nothing newer than the origin: changing the future changes no line before it', () => {
    const truth = hourly(10);
    const lines = [...backtest(truth, options)];
    fc.assert(
      fc.property(
        fc.integer({ min: 4 * 24, max: 10 * 24 - 1 }),
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 5 }),
        (from, other) => {
          const values = truth.values.map((value, i) =>
            i < from ? value : (other[i % other.length] ?? value),
          );
          const changed = [...backtest({ ...truth, values }, options)];
          const known = (truth.timestamps[from] ?? 0) - hour;
          const untilThen = (all: typeof lines) => all.filter(({ origin }) => origin <= known);
          expect(untilThen(changed)).toEqual(untilThen(lines));
          expect(changed).not.toEqual(lines);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('forecasts from the origin also where the rows before it are missing', () => {
    const origin = start + 9 * day + 9 * hour;
    const { timestamps } = hourly(10);
    const isThere = (t: number) => t <= origin - 3 * hour || t > origin;
    const seen = timestamps.filter(isThere);
    const history = {
      stepSeconds: hour,
      timestamps: seen,
      values: seen.map((t) => workingWeek(t)),
      warnings: [],
    };
    const [line] = backtest(history, { ...options, fromSeconds: origin });
    // Three hours earlier on the morning ramp it is at 38, not at 83.
    const median = line?.forecasts[0]?.median ?? Number.NaN;
    expect(Math.abs(median - workingWeek(origin + hour))).toBeLessThan(15);
  });

  it('gives the same lines again', () => {
    expect(JSON.stringify([...backtest(hourly(8), options)])).toBe(
      JSON.stringify([...backtest(hourly(8), options)]),
    );
  });

  it('leaves out horizons that the grid cannot tell', () => {
    expect(splitHorizons([300, 450, 3600, 60], 300)).toEqual({ usable: [300, 3600], leftOut: [450, 60] });
  });
});

describe('the score of a backtest', () => {
  it('is that of the forecasts, worked by hand', () => {
    // Ten hours of 10, but for the last, which is 20; one day earlier everything was 8.
    const timestamps = Float64Array.from({ length: 34 }, (_, i) => start + (i + 1) * hour);
    const values = timestamps.map((_, i) => (i < 24 ? 8 : i === 33 ? 20 : 10));
    const history: History = { stepSeconds: hour, timestamps, values, warnings: [] };
    const origin = start + 33 * hour;
    const line = {
      origin,
      forecasts: [{ horizonSeconds: hour, median: 15, quantiles: { '0.5': 15, '0.9': 25 } }],
      peaks: [],
    };
    const [score] = scoreBacktest(history, [line], [hour], hour);
    expect(score).toMatchObject({ count: 1, coverage: { '0.5': 0, '0.9': 1 } });
    expect(score?.wape).toBeCloseTo(5 / 20, 9);
    expect(score?.persistenceWape).toBeCloseTo(10 / 20, 9);
    expect(score?.dailyNaiveWape).toBeCloseTo(12 / 20, 9);
    // Nine differences of 2 and one of 12: 3 on average.
    expect(score?.mase).toBeCloseTo(5 / 3, 9);
    expect(score?.pinball['0.5']).toBeCloseTo(2.5 / 20, 9);
    expect(score?.pinball['0.9']).toBeCloseTo(0.5 / 20, 9);
    expect(score?.wql).toBeCloseTo((2.5 + 0.5) / 20, 9);
  });
});
