import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MiddleMean } from '../../../../../src/forecast/core/combination/middle-mean.ts';

describe('the mean of the middle', () => {
  const middleOf = (weighted: readonly (readonly [value: number, weight: number])[], leftOutShare = 0.2) => {
    const middle = new MiddleMean(weighted.length, leftOutShare);
    weighted.forEach(([value, weight], i) => {
      middle.values[i] = value;
      middle.weights[i] = weight;
    });
    return middle.of(weighted.length);
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

  it('is to the bit that of values which are sorted, equal ones in their order', () => {
    // Few different values, so that many are equal.
    const value = fc.oneof(fc.nat(3), fc.double({ min: 0, max: 10, noNaN: true }));
    const weighted = fc.array(fc.tuple(value, fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(weighted, (values) => {
        const inOrder = values.map((one, i) => ({ one, i })).sort((a, b) => a.one[0] - b.one[0] || a.i - b.i);
        const total = values.reduce((sum, [, weight]) => sum + weight, 0);
        const from = 0.2 * total;
        const to = total - from;
        let passed = 0;
        let sum = 0;
        for (const { one } of inOrder) {
          if (passed >= to) break;
          const within = Math.min(passed + one[1], to) - Math.max(passed, from);
          passed += one[1];
          if (within > 0) sum += within * one[0];
        }
        expect(middleOf(values)).toBe(sum / (to - from));
      }),
    );
  });

  it('is NaN of no values', () => {
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
    expect(() => new MiddleMean(1, 0.2).of(2)).toThrow(/no room/);
  });

  it('keeps equal values in their order, and reads no more than it is asked for', () => {
    const middle = new MiddleMean(3, 0);
    middle.values.set([4, 4, 1e9]);
    middle.weights.set([1, 2, 5]);
    expect(middle.of(2)).toBe(4);
    expect([...middle.weights]).toEqual([1, 2, 5]);
  });
});
