import { describe, expect, it } from 'vitest';
import {
  createSeasonTests,
  cyclesIn,
  isMultiple,
} from '../../../../../src/forecast/core/seasons/season-test.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const day = 86_400;
const stepSeconds = 3600;

function window(days: number, shape: (hour: number) => number, seed = 1) {
  const random = createRandom(seed);
  const values = Float64Array.from({ length: 24 * days }, (_, i) => 10 + shape(i) + random() - 0.5);
  return { values, stepSeconds };
}
const daily = (hour: number) => 3 * Math.sin((2 * Math.PI * hour) / 24);

describe('a test of one period', () => {
  const tests = createSeasonTests();

  it('is sure of a season that is there and finds none in noise', () => {
    const found = tests.test(window(14, daily), day, 1);
    expect(found.evidence).toBeGreaterThan(15);
    expect(found.strength).toBeGreaterThan(0.8);
    for (let seed = 1; seed <= 20; seed++)
      expect(
        tests.test(
          window(14, () => 0, seed),
          day,
          1,
        ).evidence,
      ).toBeLessThan(9);
  });

  it('takes neither half nor twice the period for the season', () => {
    expect(tests.test(window(14, daily), day / 2, 1).evidence).toBe(0);
    expect(tests.test(window(14, daily), 2 * day, 1).evidence).toBe(0);
  });

  it('needs two cycles of two steps', () => {
    expect(tests.test(window(1, daily), day, 1)).toEqual({ seconds: day, evidence: 0, strength: 0 });
    expect(tests.test(window(14, daily), 3600, 1).evidence).toBe(0);
  });

  it('refuses a window that is too long for its memory', () => {
    expect(() => tests.test(window(200, daily), day, 1)).toThrow(RangeError);
  });

  it('counts whole cycles, and a window that is hardly short of one as whole', () => {
    expect(
      [14, 13.99, 13.9].map((days) =>
        cyclesIn({ values: new Float64Array(24 * 100 * days), stepSeconds: 36 }, day),
      ),
    ).toEqual([14, 14, 13]);
  });

  it('knows multiples from two times on', () => {
    expect([day, 2 * day, 2.5 * day, 7 * day].map((longer) => isMultiple(longer, day))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
