import { describe, expect, it } from 'vitest';
import { naive2, scoreHourly, weightedQuantileLoss } from '../../../bench/hourly/hourly-score.ts';
import { dayBlockInterval } from '../../../bench/scores/bootstrap.ts';
import { naiveResidualBounds } from '../../../bench/scores/naive-bounds.ts';
import { coverageOfSpreadZeros, pinballLoss, scoreBounds } from '../../../bench/scores/score-bounds.ts';
import { type Column, scoreError } from '../../../bench/scores/score-error.ts';
import { scoreRatio } from '../../../bench/scores/score-ratio.ts';
import { createRandom } from '../../../src/load-shapes/index.ts';

const none = Number.NaN;

/** 40 origins in four days: truth 10, every other path a constant away from it. */
function columnOf(away: Partial<Record<keyof Column, number>>, change: (column: Column) => void = () => {}) {
  const constant = (value: number) => new Float64Array(40).fill(value);
  const column: Column = {
    truth: constant(10),
    forecast: constant(10 + (away.forecast ?? 1)),
    persistence: constant(10 + (away.persistence ?? 4)),
    dailyNaive: constant(10 - (away.dailyNaive ?? 2)),
    weeklyNaive: constant(10 - (away.weeklyNaive ?? 5)),
    days: Int32Array.from({ length: 40 }, (_, i) => Math.floor(i / 10)),
  };
  change(column);
  return column;
}

describe('the error of the median', () => {
  it('is divided by that of the best naive in hindsight', () => {
    expect(scoreError(columnOf({}))).toMatchObject({
      count: 40,
      ratio: 0.5,
      error: 1,
      level: 10,
      best: 'daily naive',
      low: 0.5,
      high: 0.5,
    });
    expect(scoreError(columnOf({ weeklyNaive: 0.5 }))).toMatchObject({ ratio: 2, best: 'weekly naive' });
  });

  it('counts an origin only where truth, forecast, persistence and the daily naive have a value', () => {
    const score = scoreError(
      columnOf({}, (column) => {
        for (const [index, path] of [
          column.truth,
          column.forecast,
          column.persistence,
          column.dailyNaive,
        ].entries())
          path[index] = none;
      }),
    );
    expect(score?.count).toBe(36);
  });

  it('leaves the weekly naive out where it has no value at a quarter of the origins and more', () => {
    const missing = (count: number) =>
      scoreError(columnOf({ weeklyNaive: 0.1 }, ({ weeklyNaive }) => weeklyNaive.fill(none, 0, count)));
    expect(missing(10)).toMatchObject({ count: 30, best: 'weekly naive' });
    expect(missing(11)).toMatchObject({ count: 40, best: 'daily naive' });
  });

  it('says nothing of fewer than 24 origins, or of naives that are never wrong', () => {
    expect(scoreError(columnOf({}, ({ truth }) => truth.fill(none, 0, 17)))).toBeUndefined();
    expect(scoreError(columnOf({ dailyNaive: 0 }))).toBeUndefined();
  });
});

describe('the interval of a ratio', () => {
  const ours = Float64Array.of(1, 2, 3, 4, 5, 6, 7);
  const other = Float64Array.of(7, 2, 5, 4, 3, 6, 1);

  it('is the same for the same sums, and holds the ratio', () => {
    const interval = dayBlockInterval(ours, [other]);
    expect(dayBlockInterval(ours, [other])).toEqual(interval);
    expect(interval.low).toBeLessThan(1);
    expect(interval.high).toBeGreaterThan(1);
  });

  it('is a point where every day has the same ratio', () => {
    expect(dayBlockInterval(ours, [ours.map((value) => 2 * value)])).toEqual({ low: 0.5, high: 0.5 });
  });

  it('chooses the best other forecast anew in every resample, so a second one can only raise it', () => {
    const one = dayBlockInterval(ours, [other]);
    const two = dayBlockInterval(ours, [other, ours.map((value) => value + 0.1)]);
    expect(two.low).toBeGreaterThanOrEqual(one.low);
    expect(two.high).toBeGreaterThan(one.high - 1e-12);
  });

  it('is none of fewer than three days', () => {
    expect(dayBlockInterval(Float64Array.of(1, 2), [Float64Array.of(1, 2)])).toEqual({
      low: none,
      high: none,
    });
  });
});

describe('the score of bounds', () => {
  it('weighs a value above its bound by τ and one below by 1 − τ', () => {
    expect(pinballLoss(12, 10, 0.9)).toBeCloseTo(1.8);
    expect(pinballLoss(8, 10, 0.9)).toBeCloseTo(0.2);
    expect(pinballLoss(10, 10, 0.9)).toBe(0);
  });

  it('spreads zeros where more demand is 0 than a level says, so that a right forecast covers what it says', () => {
    // 0 in 30 of 100, else 1 … 70: the quantiles of 0.05 and 0.2 are 0, and that of 0.4 is 10.
    const truth = Float64Array.from({ length: 100 }, (_, i) => Math.max(0, i - 29));
    const levels = [0.05, 0.2, 0.4];
    const bounds = [0, 0, 10].map((bound) => new Float64Array(100).fill(bound));
    expect(scoreBounds(truth, bounds, levels).coverage).toEqual([0.3, 0.3, 0.4]);
    const spread = coverageOfSpreadZeros(truth, bounds, levels, levels);
    for (const [l, level] of levels.entries()) expect(spread[l]).toBeCloseTo(level, 12);
  });

  it('is coverage, summed losses and the sum of values, of what has both and is counted', () => {
    const truth = Float64Array.of(1, 2, 3, none, 5, 6);
    const bounds = [Float64Array.of(2, 2, 2, 2, none, 9), Float64Array.of(3, 3, 3, 3, none, 9)];
    const score = scoreBounds(truth, bounds, [0.5, 0.9], (index) => index !== 5);
    expect(score).toMatchObject({ count: 3, total: 6, coverage: [2 / 3, 1] });
    expect(score.losses[0]).toBeCloseTo(0.5 + 0 + 0.5);
    expect(score.losses[1]).toBeCloseTo(0.2 + 0.1 + 0);
  });
});

describe('the ratio of two errors', () => {
  it('is over origins where both have a value, and of enough of them', () => {
    const truth = Float64Array.of(10, 10, 10, none);
    const ours = Float64Array.of(11, 9, none, 0);
    const theirs = Float64Array.of(14, 10, 0, 0);
    expect(scoreRatio(truth, ours, theirs, 2)).toEqual({ count: 2, ratio: 0.5 });
    expect(scoreRatio(truth, ours, theirs, 3)).toBeUndefined();
  });
});

describe('the bounds of a seasonal naive', () => {
  it('are finite-sample quantiles of its own newest residuals', () => {
    // A season of one step: residuals are differences, here 1, 2, 3, …
    const values = Float64Array.from({ length: 202 }, (_, i) => (i * (i + 1)) / 2);
    const [at90, at95, at99] = naiveResidualBounds(
      { firstSeconds: 0, stepSeconds: 300, values },
      1,
      Int32Array.of(50, 100, 199),
    );
    expect(at90?.[0]).toBeNaN();
    // 100 residuals 1…100: the ⌈101 × 0.9⌉ = 91st; 199 of them: the ⌈200 × 0.9⌉ = 180th.
    expect([at90?.[1], at95?.[1], at99?.[1]]).toEqual([91, 96, 100]);
    expect([at90?.[2], at95?.[2], at99?.[2]]).toEqual([180, 190, 198]);
  });

  it('forget all but the newest 1008', () => {
    const values = new Float64Array(2102);
    for (let i = 1; i < values.length; i++) values[i] = (values[i - 1] ?? 0) + (i < 1094 ? 1000 : i % 7);
    const [at90] = naiveResidualBounds(
      { firstSeconds: 0, stepSeconds: 300, values },
      1,
      Int32Array.of(1093, 2101),
    );
    expect(at90?.[0]).toBe(1000);
    expect(at90?.[1]).toBe(6);
  });
});

describe('the measures of M4', () => {
  const past = Float64Array.of(1, 3, 2, 4, 3, 5);

  it('are sMAPE in per cent and MASE by the seasonal differences of the past', () => {
    // |4 − 5| ÷ (4 + 5) and |2 − 2| ÷ 4; differences two apart are 1, 1, 1, 1.
    const score = scoreHourly(past, [4, 2], [5, 2], 2);
    expect(score.smape).toBeCloseTo(100 / 9);
    expect(score.mase).toBeCloseTo(0.5);
  });

  it('take the seasonally adjusted newest value for Naive2 where there is a season', () => {
    const seasonal = Float64Array.from({ length: 96 }, (_, i) => (i % 4 === 3 ? 20 : 4));
    const [a = 0, b = 0, c = 0, d = 0] = naive2(seasonal, 4, 4);
    expect([a, b, c, d].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([4, 4, 4, 20]);
  });

  it('take the newest value for Naive2 where there is none', () => {
    const random = createRandom(1);
    const flat = Float64Array.from({ length: 96 }, () => random());
    expect([...naive2(flat, 4, 3)]).toEqual([flat[95], flat[95], flat[95]]);
  });
});

describe('the weighted quantile loss', () => {
  it('is twice the mean pinball loss of the levels as a share of the truth, without missing values', () => {
    const paths = { '0.1': [8, 0, 10], '0.9': [12, 0, 14] };
    // 0.1 × 2 + 0.1 × 2 at the first value, 0.1 × 0 + 0.1 × 4 at the last.
    expect(weightedQuantileLoss([10, none, 10], paths, [0.1, 0.9])).toBeCloseTo(
      (2 * (0.4 + 0.4)) / 2 / 20,
      12,
    );
  });
});
