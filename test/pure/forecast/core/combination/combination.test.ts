import { describe, expect, it } from 'vitest';
import { createCombination } from '../../../../../src/forecast/core/combination/combination.ts';
import { pathTableFor } from '../../../../../src/forecast/core/combination/path-table.ts';
import type { WeighedHorizon } from '../../../../../src/forecast/core/combination/weighed-horizon.ts';
import { expertNames } from '../../../../../src/forecast/core/experts/index.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const indexOf = (name: string) => expertNames.indexOf(name);
const first = 0;
const second = 1;

/** A horizon with the weights of the first two experts. */
function horizon(horizonSteps: number, ofFirst: number, ofSecond: number): WeighedHorizon {
  const weights = [ofFirst, ofSecond];
  return {
    horizonSteps,
    strideSteps: 1,
    isFar: false,
    isResting: false,
    isUnproven: false,
    forgetPending() {},
    weights: { of: (e) => weights[e] ?? 0 },
    mature() {},
    weigh() {},
    keep() {},
  };
}

/** Every expert predicts `values[e]` (0 where there is none) at every step; an expert with NaN is not available. */
function combinationOf(horizons: readonly WeighedHorizon[], values: readonly number[]) {
  const scratch = createScratch();
  const table = pathTableFor(scratch, expertNames.length, 16);
  for (const [e, path] of table.ofExpert.entries()) {
    const value = values[e] ?? 0;
    path.fill(value);
    table.isAvailable[e] = Number.isNaN(value) ? 0 : 1;
  }
  return { table, combination: createCombination(horizons, table, scratch) };
}

describe('the combination', () => {
  it('is the expert that has all the weight', () => {
    const { table, combination } = combinationOf([horizon(16, 1, 0)], [9, 100]);
    combination.extendTo(16);
    expect([...table.combined]).toEqual(Array(16).fill(9));
    expect(table.combinedSteps).toBe(16);
  });

  it('is a mean of square roots without a fifth of the weight at either end', () => {
    // Roots 2 and 4 with half the weight each: what is left of both is equal, so that their mean is 3.
    const { table, combination } = combinationOf([horizon(16, 0.5, 0.5)], [4, 16]);
    combination.extendTo(1);
    expect(table.combined[0]).toBeCloseTo(9, 12);
  });

  it('has weights between those of the horizons beside a step, by the logarithm of the step', () => {
    const { table, combination } = combinationOf([horizon(1, 1, 0), horizon(16, 0, 1)], [4, 16]);
    combination.extendTo(16);
    expect(table.combined[0]).toBe(4);
    expect(table.combined[3]).toBeCloseTo(9, 12);
    expect(table.combined[15]).toBe(16);
    expect([...table.maxima]).toEqual([...table.combined]);
  });

  it('remembers the highest value up to each step', () => {
    const { table, combination } = combinationOf([horizon(1, 0, 1), horizon(16, 1, 0)], [4, 16]);
    combination.extendTo(16);
    expect(table.combined[15]).toBe(4);
    expect(table.maxima[15]).toBe(16);
  });

  it('is the first expert where no expert with a weight is available', () => {
    const { table, combination } = combinationOf([horizon(16, 0, 1)], [25, Number.NaN]);
    combination.extendTo(2);
    expect(table.combined[1]).toBe(25);
    expect(combination.at(0, combination.predictionsAt(2))).toBe(25);
  });

  it('at a weighed horizon uses its own weights', () => {
    const { combination } = combinationOf([horizon(1, 1, 0), horizon(16, 0, 1)], [4, 16]);
    expect(combination.at(0, combination.predictionsAt(1))).toBe(4);
    expect(combination.at(1, combination.predictionsAt(16))).toBe(16);
  });

  it('lists predictions as NaN where an expert is not available or repeats a season', () => {
    const { combination } = combinationOf([horizon(16, 1, 0)], [4, Number.NaN, 7]);
    const all = combination.predictionsAt(3);
    expect([all[first], all[second], all[2]]).toEqual([4, Number.NaN, 7]);
    const without = combination.withoutRepeaters(all);
    expect(without[first]).toBe(4);
    expect(without[indexOf('day-naive')]).toBeNaN();
    expect(without[indexOf('profile')]).toBe(0);
  });
});
