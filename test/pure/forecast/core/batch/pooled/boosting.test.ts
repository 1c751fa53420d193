import { describe, expect, it } from 'vitest';
import { boostedTrees } from '../../../../../../src/forecast/core/batch/pooled/boosting.ts';
import { sumOfTrees } from '../../../../../../src/forecast/core/families/trees.ts';
import { createRandom } from '../../../../../../src/load-shapes/index.ts';

const rows = 4000;
const random = createRandom(5);
const columnOf = () => Float32Array.from({ length: rows }, () => random());
const first = columnOf();
const second = columnOf();
const columns = [first, second, columnOf(), columnOf()];
/** A step at the middle of the first feature, only where the second one is high; the others tell nothing. */
const law = (one: number, other: number) => (other > 0.5 && one > 0.5 ? 0.5 : -0.1);
const answers = first.map((value, row) => law(value, second[row] ?? 0));
const ask = (trees: ReturnType<typeof boostedTrees>, ...features: number[]) =>
  sumOfTrees(trees, Float64Array.from(features));

describe('boosted trees', () => {
  const trees = boostedTrees(columns, answers);

  it.each([
    [0.9, 0.9],
    [0.9, 0.1],
    [0.1, 0.9],
    [0.1, 0.1],
  ])('learn a law of two features, here at %d and %d', (one, other) => {
    expect(ask(trees, one, other, 0.5, 0.5)).toBeCloseTo(law(one, other), 1);
  });

  it('are the same for the same rows, to the bit, and leave them alone', () => {
    const given = columns.map((column) => column.slice());
    expect(boostedTrees(given, answers)).toEqual(trees);
    expect(given).toEqual(columns);
  });

  it('tell what is not known from every number', () => {
    const holed = first.map((value, row) => (row % 3 === 0 ? Number.NaN : value));
    const gaps = boostedTrees(
      [holed, ...columns.slice(1)],
      holed.map((value) => (Number.isNaN(value) ? 0.4 : -0.2)),
    );
    expect(ask(gaps, Number.NaN, 0.5, 0.5, 0.5)).toBeCloseTo(0.4, 1);
    for (const value of [0, 0.5, 1, 1e9]) expect(ask(gaps, value, 0.5, 0.5, 0.5)).toBeCloseTo(-0.2, 1);
  });

  it('follow the many, not one answer that is far away', () => {
    const odd = answers.map((value, row) => (row % 100 === 0 ? 1e6 : value));
    expect(Math.abs(ask(boostedTrees(columns, odd), 0.1, 0.1, 0.5, 0.5) + 0.1)).toBeLessThan(0.1);
  });

  it('say nothing where there are too few rows to split, or none', () => {
    expect(Math.abs(ask(boostedTrees([first.slice(0, 5)], answers.slice(0, 5)), 0.9))).toBeLessThan(0.5);
    expect(ask(boostedTrees([new Float32Array(0)], new Float32Array(0)), 0.9)).toBe(0);
  });
});
