import { describe, expect, it } from 'vitest';
import { NormalEquations } from '../../../../../src/forecast/core/arithmetic/normal-equations.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const longAgo = 1e9;

function fitted(equations: NormalEquations, rows: readonly (readonly number[])[]): number[] {
  for (const row of rows) equations.add(Float64Array.from(row.slice(0, -1)), row.at(-1) ?? Number.NaN);
  equations.solve();
  return [...equations.coefficients];
}

describe('normal equations', () => {
  it('fit the line of least squares worked by hand', () => {
    // y over x at (1, 6), (2, 5), (3, 7), (4, 10): y = 3.5 + 1.4 x (https://en.wikipedia.org/wiki/Linear_least_squares).
    const equations = new NormalEquations([0, 0], 0, longAgo, createScratch());
    const [intercept, slope] = fitted(equations, [
      [1, 1, 6],
      [1, 2, 5],
      [1, 3, 7],
      [1, 4, 10],
    ]);
    expect(intercept).toBeCloseTo(3.5, 6);
    expect(slope).toBeCloseTo(1.4, 6);
    expect(equations.rows).toBe(4);
  });

  it('shrink a coefficient towards its prior by the share of the ridge', () => {
    // One feature: β = (xy + r·xx·prior) / (xx + r·xx), with xx = 4, xy = 8, r = 1, prior 5: (8 + 20) / 8.
    expect(fitted(new NormalEquations([5], 1, longAgo, createScratch()), [[2, 4]])[0]).toBeCloseTo(3.5, 9);
  });

  it('keep the prior where a feature was never seen', () => {
    expect(
      fitted(new NormalEquations([0.25, 0.5], 0.01, longAgo, createScratch()), [[1, 0, 1]])[1],
    ).toBeCloseTo(0.5, 6);
  });

  it('give a row half its weight after a half-life', () => {
    // Ten rows after the first: weights 1/2 and 1 of the values 0 and 3, and 0 weight for rows without the feature.
    const empty = Array.from({ length: 9 }, () => [0, 0]);
    const rows = [[1, 0], ...empty, [1, 3]];
    expect(fitted(new NormalEquations([0], 0, 10, createScratch()), rows)[0]).toBeCloseTo(3 / 1.5, 6);
  });

  it('find the coefficients of a noisy process with more features than 64', () => {
    const random = createRandom(1);
    const count = 70;
    const truth = Array.from({ length: count }, () => random() - 0.5);
    const rows = Array.from({ length: 2000 }, () => {
      const features = truth.map(() => random() - 0.5);
      const value = features.reduce((sum, x, i) => sum + x * (truth[i] ?? 0), 0);
      return [...features, value + 0.01 * (random() - 0.5)];
    });
    const found = fitted(
      new NormalEquations(
        truth.map(() => 0),
        1e-6,
        longAgo,
        createScratch(),
      ),
      rows,
    );
    for (const [i, value] of truth.entries()) expect(found[i]).toBeCloseTo(value, 2);
  });

  it('refuse a row with too few features', () => {
    expect(() =>
      new NormalEquations([0, 0], 0, longAgo, createScratch()).add(new Float64Array(1), 1),
    ).toThrow(RangeError);
  });
});
