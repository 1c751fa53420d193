import { describe, expect, it } from 'vitest';
import { gridSecondsFor, gridValues } from '../../../../../src/forecast/core/clock/grid.ts';

describe('the grid', () => {
  it.each([
    [60, undefined, 300],
    [15, undefined, 300],
    [300, undefined, 300],
    [3600, undefined, 3600],
    [1, 240, 1],
    [1, 2880, 10],
    [7, undefined, 300],
    [120, undefined, 300],
  ])('of rows %d s apart with a season of %s s is %d s', (step, season, grid) => {
    expect(gridSecondsFor(step, season)).toBe(grid);
  });

  it('is the mean of the rows in (G − 5 min, G], at unix multiples of 5 min', () => {
    const rows = {
      timestamps: [60, 120, 180, 240, 300, 360, 420, 480, 540, 600],
      values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      stepSeconds: 60,
    };
    const grid = gridValues(rows, 300);
    expect([...grid.timestamps]).toEqual([300, 600]);
    expect([...grid.values]).toEqual([3, 8]);
  });

  it('is missing when fewer than half of the rows exist', () => {
    const rows = { timestamps: [60, 120, 300, 540, 600, 900], values: [1, 2, 3, 10, 20, 5], stepSeconds: 60 };
    const grid = gridValues(rows, 300);
    expect([...grid.timestamps]).toEqual([300]);
    expect([...grid.values]).toEqual([2]);
  });

  it('keeps the step and the phase of rows that are five minutes apart or more', () => {
    const rows = { timestamps: [1020, 4620, 8220], values: [1, 2, 3], stepSeconds: 3600 };
    expect([...gridValues(rows, 3600).timestamps]).toEqual([1020, 4620, 8220]);
  });

  it('takes NaN, negative and infinite rows for missing', () => {
    const rows = {
      timestamps: [60, 120, 180, 240, 300],
      values: [Number.NaN, -1, Number.POSITIVE_INFINITY, 4, 6],
      stepSeconds: 60,
    };
    expect([...gridValues(rows, 300).values]).toEqual([]);
  });

  it('takes what is smaller than any demand, noise of arithmetic, for none', () => {
    const rows = { timestamps: [300, 600, 900], values: [5e-324, 9e-10, 1e-9], stepSeconds: 300 };
    expect([...gridValues(rows, 300).values]).toEqual([0, 0, 1e-9]);
  });
});
