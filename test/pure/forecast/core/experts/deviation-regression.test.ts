import { describe, expect, it } from 'vitest';
import { createDeviationRegression } from '../../../../../src/forecast/core/experts/deviation-regression.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal } from '../made-series.ts';

/** A regression that has learned `deviations` from the 12th on. */
function regressionOf(deviations: readonly number[]) {
  const regression = createDeviationRegression(
    { shortSeasonSteps: 288, scratch: createScratch() },
    48,
    (index) => deviations[index] ?? Number.NaN,
  );
  for (let index = 12; index < deviations.length; index++) regression.learn(index);
  return regression;
}

function predicted(deviations: readonly number[], steps: number, end = deviations.length): Float64Array {
  const path = new Float64Array(steps);
  regressionOf(deviations).predict(path, steps, end);
  return path;
}

/** d(t) = 0.5 d(t − 1) + 0.3 d(t − 6) + noise: one lag of every size that the regression has, but three. */
function process(length: number): number[] {
  const random = createRandom(9);
  const deviations: number[] = [];
  for (let t = 0; t < length; t++) {
    const at = (lag: number) => deviations[t - lag] ?? 0;
    deviations.push(0.5 * at(1) + 0.3 * at(6) + normal(random));
  }
  return deviations;
}

describe('a regression on deviations', () => {
  it('predicts as the process that made them goes on without noise', () => {
    const deviations = process(6000);
    const path = predicted(deviations, 12);
    const expected = [...deviations];
    for (let h = 0; h < 12; h++) {
      const t = expected.length;
      expected.push(0.5 * (expected[t - 1] ?? 0) + 0.3 * (expected[t - 6] ?? 0));
      expect(Math.abs((path[h] ?? Number.NaN) - (expected[t] ?? 0))).toBeLessThan(0.35);
    }
  });

  it('is solved after enough rows, and predicts 0 before', () => {
    expect(regressionOf(Array(59).fill(1)).isSolved).toBe(false);
    expect([...predicted(Array(59).fill(1), 2)]).toEqual([0, 0]);
    expect(regressionOf(Array(60).fill(1)).isSolved).toBe(true);
  });

  it('never goes beyond the largest deviation of the last hour', () => {
    const growing = Array.from({ length: 200 }, (_, i) => 1.05 ** i);
    const largest = growing.at(-1) ?? 0;
    for (const value of predicted(growing, 50)) expect(value).toBeLessThanOrEqual(largest);
  });

  it('predicts NaN, not 0, where it reads a deviation that is not there', () => {
    const deviations = process(300);
    expect(predicted(deviations, 1, deviations.length + 3)[0]).toBeNaN();
  });
});
