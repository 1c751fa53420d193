import { describe, expect, it } from 'vitest';
import { ExpertWeights } from '../../../../../src/forecast/core/combination/expert-weights.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

interface WeighOptions {
  readonly truth?: number;
  readonly strideSteps?: number;
  readonly days?: number;
  readonly longHistorySteps?: number;
  readonly dayOf?: (i: number) => number;
  readonly target?: number;
}

/** Learns `rounds` forecasts of the same truth; `predict(i)` gives the experts' predictions, and the first is the combination. */
function weightsAfter(
  rounds: number,
  predict: (i: number) => readonly number[],
  options: WeighOptions = {},
): number[] {
  const { truth = 100, strideSteps = 100, days = 1, longHistorySteps, dayOf = () => 0, target = 0 } = options;
  const arena = createArena();
  const expertCount = predict(0).length;
  const row = arena.numbers.reserve(expertCount);
  const weights = new ExpertWeights({
    expertCount,
    strideSteps,
    enoughSteps: 0,
    days,
    longHistorySteps,
    arena,
    scratch: createScratch(),
  });
  for (let i = 0; i < rounds; i++) {
    arena.numbers.values.set(predict(i), row);
    weights.learn(row, predict(i)[0] ?? 0, truth, dayOf(i));
  }
  weights.weigh(Float64Array.from(predict(rounds)), target);
  return Array.from({ length: expertCount }, (_, e) => weights.of(e));
}

describe('the weights of the experts', () => {
  it('fall with the fourth power of the error, far ahead where regret has no share left', () => {
    const [near = 0, far = 0] = weightsAfter(20, () => [101, 102], { strideSteps: 1e6 });
    expect(near / far).toBeCloseTo(16, 3);
    expect(near + far).toBeCloseTo(1, 6);
  });

  it('belong to the first expert until enough forecasts have come due', () => {
    expect(weightsAfter(3, () => [200, 100])).toEqual([1, 0]);
    expect(weightsAfter(20, () => [200, 100])[1]).toBeGreaterThan(0.99);
  });

  it('are 0 where an expert is not available', () => {
    const [, second] = weightsAfter(20, (i) => [101, i < 20 ? 100.5 : Number.NaN]);
    expect(second).toBe(0);
  });

  it('of experts without any error are equal', () => {
    expect(weightsAfter(20, () => [100, 100])).toEqual([0.5, 0.5]);
  });

  it('prefer the expert that is right on the day of the target', () => {
    // The second expert errs on even days, the third on odd ones; both err by 4 on their bad days.
    const predict = (i: number) => [101, i % 2 === 0 ? 104 : 100.5, i % 2 === 0 ? 100.5 : 104];
    const options = { days: 2, dayOf: (i: number) => i, strideSteps: 10 };
    const onEven = weightsAfter(400, predict, { ...options, target: 0 });
    const onOdd = weightsAfter(400, predict, { ...options, target: 1 });
    expect(onEven[2]).toBeGreaterThan(onEven[1] ?? 1);
    expect(onOdd[1]).toBeGreaterThan(onOdd[2] ?? 1);
  });

  describe('far ahead, where a forecast comes due every two hours', () => {
    const daySteps = 288;
    const far = { strideSteps: 25, longHistorySteps: 21 * daySteps };
    const forecastsOf = (days: number) => Math.round((days * daySteps) / far.strideSteps);
    /** The first expert errs by 8 less than the second for weeks, and by 6 more for the last six hours. */
    const oddHoursAfter = (days: number) => (i: number) =>
      i < forecastsOf(days) - 3 ? [102, 110] : [108, 102];

    it('stay with the expert that has been better for weeks through some odd hours', () => {
      const predict = oddHoursAfter(42);
      const [better = 0] = weightsAfter(forecastsOf(42), predict, far);
      const [recently = 1] = weightsAfter(forecastsOf(42), predict, { strideSteps: far.strideSteps });
      expect(better).toBeGreaterThan(0.65);
      expect(recently).toBeLessThan(0.5);
    });

    it('follow recent errors in a young history', () => {
      const predict = oddHoursAfter(4);
      const [young = 1] = weightsAfter(forecastsOf(4), predict, far);
      const [recently = 0] = weightsAfter(forecastsOf(4), predict, { strideSteps: far.strideSteps });
      expect(young).toBeCloseTo(recently, 1);
    });

    it('of experts without any error are equal', () => {
      expect(weightsAfter(400, () => [100, 100], far)).toEqual([0.5, 0.5]);
    });
  });

  it('follow the experts again within a day after hours of nonsense', () => {
    const arena = createArena();
    const row = arena.numbers.reserve(2);
    const weights = new ExpertWeights({
      expertCount: 2,
      strideSteps: 1,
      enoughSteps: 0,
      days: 1,
      arena,
      scratch: createScratch(),
    });
    const learn = (steps: number, predictions: readonly number[], truth: number) => {
      arena.numbers.values.set(predictions, row);
      for (let i = 0; i < steps; i++) weights.learn(row, predictions[0] ?? 0, truth, 0);
    };
    learn(600, [101, 110], 100);
    learn(36, [1e12, 100], 1e12);
    learn(288, [110, 101], 100);
    weights.weigh(Float64Array.of(110, 101), 0);
    expect(weights.of(1)).toBeGreaterThan(0.6);
  });

  it('hold for any number of experts', () => {
    const weights = weightsAfter(20, () => Array.from({ length: 70 }, () => 101));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect(weights[69]).toBeCloseTo(1 / 70, 6);
  });
});
