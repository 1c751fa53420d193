import { describe, expect, it } from 'vitest';
import { watchedLevels } from '../../../../../src/forecast/core/calibration/calibrated-levels.ts';
import { CalibratedResiduals } from '../../../../../src/forecast/core/calibration/calibrated-residuals.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

const weekSteps = 2016;
/** Truths around 100, none of them far from it. */
const calm = (step: number) => 100 + (step % 7);

/** Forecasts of 100 whose truths are told one by one. */
function judged() {
  const arena = createArena();
  const residuals = new CalibratedResiduals(576, 1, 1, arena);
  const bounds = arena.numbers.reserve(watchedLevels.length);
  let step = 0;
  return {
    /** The bound at 0.99 of a forecast of 100. */
    bound: () => (10 + residuals.quantile(0.99)) ** 2,
    count: () => residuals.count,
    learn(steps: number, truthOf: (step: number) => number) {
      for (let i = 0; i < steps; i++) {
        residuals.writeBounds(100, bounds);
        residuals.learn(100, truthOf(step++), bounds);
      }
    },
  };
}

describe('calibrated residuals', () => {
  it('follow a shock while it lasts and lose its errors when it is over, but for one miss', () => {
    const forecasts = judged();
    forecasts.learn(600, calm);
    const usual = forecasts.bound();
    forecasts.learn(12, () => 1e6);
    expect(forecasts.bound()).toBeGreaterThan(1e5);
    forecasts.learn(2, calm);
    expect(forecasts.bound()).toBeGreaterThanOrEqual(usual);
    expect(forecasts.bound()).toBeLessThan(1.1 * usual);
    expect(forecasts.count()).toBe(564);
  });

  it('keep the errors of what comes more often than twice a week', () => {
    const forecasts = judged();
    forecasts.learn(600, calm);
    const after = [1, 2, 3].map(() => {
      forecasts.learn(8, () => 400);
      forecasts.learn(100, calm);
      return forecasts.bound();
    });
    expect(after[0]).toBeLessThan(150);
    expect(after[1]).toBeLessThan(150);
    expect(after[2]).toBeGreaterThan(350);
    forecasts.learn(weekSteps, calm);
    forecasts.learn(8, () => 400);
    forecasts.learn(2, calm);
    expect(forecasts.bound()).toBeLessThan(150);
  });

  it('keep the errors of what has come to stay and is never foretold', () => {
    const forecasts = judged();
    forecasts.learn(600, calm);
    forecasts.learn(80, () => 400);
    expect(forecasts.bound()).toBeGreaterThan(350);
  });

  it('know no shock before there is enough to tell it from, so that enough is left for a bound', () => {
    const forecasts = judged();
    forecasts.learn(150, calm);
    forecasts.learn(8, () => 400);
    forecasts.learn(2, calm);
    expect(forecasts.count()).toBe(160);
  });
});
