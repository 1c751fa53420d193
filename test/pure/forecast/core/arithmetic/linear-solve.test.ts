import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveRidge } from '../../../../../src/forecast/core/arithmetic/linear-solve.ts';

describe('solveRidge', () => {
  function solve(lower: number[], b: number[], ridge = 0): number[] {
    const beta = Float64Array.from(b);
    solveRidge(Float64Array.from(lower), beta, ridge, new Float64Array(lower.length));
    return [...beta];
  }

  it('solves a system worked by hand', () => {
    // [4 2; 2 3] x = [2; 5] has the solution (−0.5, 2).
    const [x, y] = solve([4, 2, 3], [2, 5]);
    expect(x).toBeCloseTo(-0.5, 9);
    expect(y).toBeCloseTo(2, 9);
  });

  it('adds half the own and half the mean diagonal, so that a small feature is shrunk more', () => {
    // Diagonal (4, 2), mean 3, ridge 0.5: 4 + 0.5 × 3.5 = 5.75 and 2 + 0.5 × 2.5 = 3.25.
    const [x, y] = solve([4, 0, 2], [5.75, 3.25], 0.5);
    expect(x).toBeCloseTo(1, 9);
    expect(y).toBeCloseTo(1, 9);
  });

  it('stays finite where the matrix is singular', () => {
    for (const value of solve([1, 1, 1], [1, 1])) expect(Number.isFinite(value)).toBe(true);
  });

  it('solves any well-conditioned system', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 20 }), (rows) => {
        const p = rows.length;
        // A = G·Gᵀ + 1 on the diagonal, with rows of G given; the solution is wanted to be 1, 2, 3 …
        const element = (i: number, j: number) =>
          (rows[i] ?? []).reduce((sum, x, k) => sum + x * (rows[j]?.[k] ?? 0), i === j ? 1 : 0);
        const lower = rows.flatMap((_, i) => Array.from({ length: i + 1 }, (_, j) => element(i, j)));
        const b = rows.map((_, i) => rows.reduce((sum, _, j) => sum + element(i, j) * (j + 1), 0));
        const beta = solve(lower, b);
        for (let i = 0; i < p; i++) expect(beta[i]).toBeCloseTo(i + 1, 5);
      }),
    );
  });

  it('refuses a matrix that is too small for its right side', () => {
    expect(() => solve([1, 0], [1, 1])).toThrow(RangeError);
  });
});
