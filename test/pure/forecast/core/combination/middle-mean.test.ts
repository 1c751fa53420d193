import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MiddleMean } from '../../../../../src/forecast/core/combination/middle-mean.ts';

describe('the mean of the middle', () => {
  const middleOf = (weighted: readonly (readonly [value: number, weight: number])[], leftOutShare = 0.2) => {
    const middle = new MiddleMean(weighted.length, leftOutShare);
    for (const [value, weight] of weighted) middle.add(value, weight);
    return middle.value;
  };

  it('leaves out a fifth of the weight at either end', () => {
    // Of five equal weights the middle three; of the weights 1, 2, 1 what lies from 0.8 to 3.2: 0.2, 2 and 0.2.
    expect(middleOf([5, 1, 100, 2, 3].map((value) => [value, 1]))).toBeCloseTo(10 / 3, 9);
    expect(
      middleOf([
        [0, 1],
        [10, 2],
        [40, 1],
      ]),
    ).toBeCloseTo((0 * 0.2 + 10 * 2 + 40 * 0.2) / 2.4, 9);
  });

  it('is the value of four fifths of the weight, whatever the last fifth is', () => {
    const value = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, (agreed, other) => {
        expect(
          middleOf([
            [other, 0.2],
            [agreed, 0.8],
          ]),
        ).toBeCloseTo(agreed, 6);
      }),
    );
  });

  it('ignores NaN, and is NaN where nothing else is left', () => {
    expect(
      middleOf([
        [Number.NaN, 5],
        [3, 1],
      ]),
    ).toBe(3);
    expect(middleOf([[Number.NaN, 1]])).toBeNaN();
    expect(middleOf([])).toBeNaN();
  });

  it('is the interquartile mean where a quarter is left out', () => {
    expect(
      middleOf(
        [
          [1, 1],
          [2, 1],
          [3, 1],
          [100, 1],
        ],
        0.25,
      ),
    ).toBe(2.5);
  });

  it('refuses more values than it has room for', () => {
    const middle = new MiddleMean(1, 0.2);
    middle.add(1, 1);
    expect(() => middle.add(2, 1)).toThrow(/no room/);
  });

  it('begins anew after it is cleared', () => {
    const middle = new MiddleMean(2, 0.2);
    middle.add(1e9, 3);
    middle.clear();
    middle.add(4, 1);
    expect(middle.value).toBe(4);
  });
});
