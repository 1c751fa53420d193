import { describe, expect, it } from 'vitest';
import { createForecaster, forecastSeries } from '../../../../../src/forecast/core/index.ts';
import { createScratch, GrowingNumbers } from '../../../../../src/forecast/core/memory/scratch.ts';
import { workingWeek } from '../made-series.ts';

describe('a scratch', () => {
  it('makes working memory once, and keeps that of different makers apart', () => {
    const scratch = createScratch();
    const makeOne = () => ({ a: 1 });
    const makeOther = () => ({ a: 2 });
    expect(scratch.of(makeOne)).toBe(scratch.of(makeOne));
    expect(scratch.of(makeOther)).toEqual({ a: 2 });
    expect(createScratch().of(makeOne)).not.toBe(scratch.of(makeOne));
  });

  it('has numbers that grow to the longest call and keep their content otherwise', () => {
    const numbers = new GrowingNumbers();
    const few = numbers.atLeast(3);
    few[0] = 5;
    expect(numbers.atLeast(2)[0]).toBe(5);
    expect(numbers.atLeast(100).length).toBeGreaterThanOrEqual(100);
  });

  it('changes no answer, shared or not, whoever asks between', () => {
    const stepSeconds = 900;
    const shared = createScratch();
    const forecasters = [createScratch(), shared, shared].map((scratch) =>
      createForecaster({ stepSeconds }, scratch),
    );
    const other = createForecaster({ stepSeconds, maxHorizonSeconds: 2 * 86_400 }, shared);
    for (let t = stepSeconds; t <= 5 * 86_400; t += stepSeconds) {
      for (const forecaster of forecasters) forecaster.observe(t, workingWeek(t));
      other.observe(t, 500 - workingWeek(t));
      if (t % 21_600 === 0) other.forecast({ horizonSteps: 7 });
    }
    const [alone, ...together] = forecasters.map((forecaster) => forecaster.forecast({ horizonSteps: 96 }));
    expect(alone).toMatchObject({ status: 'ok' });
    for (const answer of together) expect(answer).toEqual(alone);
    const values = Array.from({ length: 120 }, (_, i) => workingWeek(i * 3600));
    const options = { stepSeconds: 3600, horizonSteps: 24 };
    expect(forecastSeries(values, options, shared)).toEqual(forecastSeries(values, options, createScratch()));
  });
});
