import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalibratedLevels } from '../../../../../src/forecast/core/calibration/calibrated-levels.ts';
import { Residuals } from '../../../../../src/forecast/core/calibration/residuals.ts';
import { between } from '../../../../../src/forecast/core/combination/interpolation.ts';
import { MiddleMean } from '../../../../../src/forecast/core/combination/middle-mean.ts';
import { createStores } from '../../../../../src/forecast/core/memory/arena.ts';
import { RecentRows } from '../../../../../src/forecast/core/memory/recent-rows.ts';
import { createSeriesWindow } from '../../../../../src/forecast/core/memory/value-window.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

describe('residual quantiles', () => {
  it('take the finite-sample rank ⌈(n + 1)τ⌉', () => {
    const residuals = new Residuals(1008, createStores());
    // 1 … 99: the 90th of 99 is at level 0.9, the 99th at 0.99.
    for (let i = 99; i >= 1; i--) residuals.add(i);
    expect(Math.abs(residuals.quantile(0.9) - 90)).toBeLessThan(1);
    // Of the largest it is known in which quarter of an octave it is.
    expect(Math.abs(residuals.quantile(0.99) - 99)).toBeLessThan(99 / 8);
  });

  it('go on beyond the largest as an exponential tail does', () => {
    const residuals = new Residuals(1008, createStores());
    const random = createRandom(3);
    for (let i = 0; i < 199; i++) residuals.add(-Math.log(1 - random()));
    // The quantile of Exp(1) at 0.9995 is −ln 0.0005 = 7.6.
    expect(Math.abs(residuals.quantile(0.9995) - 7.6)).toBeLessThan(1.5);
    expect(residuals.quantile(0.9995)).toBeGreaterThan(residuals.quantile(0.995));
  });

  it('are of the newest alone, to an eighth where one stands alone', () => {
    const residuals = new Residuals(9, createStores());
    for (const value of [1e6, -1e6, 0.001, -0.001, 0, 3, -3, 7, -7, 2e-4, -2e-4]) residuals.add(value);
    const sorted = [-7, -3, -0.001, -2e-4, 0, 2e-4, 0.001, 3, 7];
    for (const [index, value] of sorted.entries()) {
      const told = residuals.quantile((index + 1) / 10);
      expect(Math.abs(told - value)).toBeLessThanOrEqual(Math.abs(value) / 8);
    }
  });

  it('never fall with the level', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (values, a, b) => {
          const residuals = new Residuals(1008, createStores());
          for (const value of values) residuals.add(value);
          expect(residuals.quantile(Math.max(a, b))).toBeGreaterThanOrEqual(
            residuals.quantile(Math.min(a, b)),
          );
        },
      ),
    );
  });
});

describe('calibrated levels', () => {
  const levelsAfter = (isCovered: (i: number) => boolean) => {
    const levels = new CalibratedLevels(6, 1, createStores());
    for (let i = 0; i < 100_000; i++) levels.learn(1, isCovered(i));
    return levels;
  };

  it('ask for more where the bound was exceeded too often, and for less where it was too seldom', () => {
    expect(levelsAfter((i) => i % 5 !== 0).adjusted(0.9)).toBeGreaterThan(0.9);
    expect(levelsAfter(() => true).adjusted(0.9)).toBeLessThan(0.9);
    expect(new CalibratedLevels(6, 1, createStores()).adjusted(0.9)).toBe(0.9);
  });

  it('never pass their neighbours, and leave the median alone', () => {
    const never = levelsAfter(() => false);
    expect(never.adjusted(0.9)).toBeLessThan(1);
    expect(never.adjusted(0.5)).toBe(0.5);
    expect(never.adjusted(0.95)).toBe(0.95);
  });
});

describe('between', () => {
  const at = (place: number) => {
    const { below, above, share } = between([1, 4, 16], place, (entry) => entry);
    return [below, above, share];
  };

  it('is linear in the logarithm of the place', () => {
    expect(at(2)).toEqual([1, 4, 0.5]);
    expect(at(8)).toEqual([4, 16, 0.5]);
  });

  it('is the entry itself at its place, and at the ends whatever lies beyond', () => {
    expect(at(4)).toEqual([4, 4, 1]);
    expect(at(0.1)).toEqual([1, 1, 1]);
    expect(at(100)).toEqual([16, 16, 1]);
  });
});

describe('the recent rows', () => {
  const rows = new RecentRows(60, 600);
  for (const [t, value] of [
    [60, 9],
    [120, 1],
    [180, 2],
    [240, 7],
  ] as const)
    rows.push(t, value);

  it('tell the largest in (from, to]', () => {
    expect(rows.largest(60, 180)).toBe(2);
    expect(rows.largest(0, 240)).toBe(9);
    expect(rows.largest(60, 240)).toBe(7);
  });

  it('tell nothing where fewer than half of them are there', () => {
    expect(rows.largest(180, 300)).toBe(7);
    expect(rows.largest(180, 360)).toBeNaN();
  });
});

describe('the series window', () => {
  it('holds the newest values contiguously, however many were pushed', () => {
    const window = createSeriesWindow(10);
    for (let i = 0; i < 1000; i++) {
      window.push(i);
      const held = [...window.values.subarray(window.start, window.end)];
      const expected = Array.from({ length: Math.min(i + 1, 10) }, (_, k) => i - Math.min(i, 9) + k);
      expect(held.slice(-10)).toEqual(expected);
    }
  });
});

describe('the mean of the middle', () => {
  const middleOf = (said: readonly (readonly [value: number, weight: number])[]) => {
    const middle = new MiddleMean(said.length);
    for (const [value, weight] of said) middle.add(value, weight);
    return middle.value;
  };

  it('leaves out a fifth of the weight at either end', () => {
    // Of five alike the middle three; of weights 1, 2, 1 all that lies from 0.8 to 3.2: 0.2, 2 and 0.2.
    expect(middleOf([5, 1, 100, 2, 3].map((value) => [value, 1]))).toBeCloseTo(10 / 3, 9);
    expect(
      middleOf([
        [0, 1],
        [10, 2],
        [40, 1],
      ]),
    ).toBeCloseTo((0 * 0.2 + 10 * 2 + 40 * 0.2) / 2.4, 9);
  });

  it('is what most say where a fifth disagrees, whatever they say', () => {
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

  it('hears nobody whose value is NaN, and is NaN where nobody is left', () => {
    expect(
      middleOf([
        [Number.NaN, 5],
        [3, 1],
      ]),
    ).toBe(3);
    expect(middleOf([[Number.NaN, 1]])).toBeNaN();
    expect(middleOf([])).toBeNaN();
  });
});
