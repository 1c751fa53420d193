import { describe, expect, it } from 'vitest';
import { findLikelySeasons } from '../../../../../src/forecast/core/seasons/likely-seasons.ts';
import { findOddSeasons } from '../../../../../src/forecast/core/seasons/odd-seasons.ts';
import { createSeasonTests } from '../../../../../src/forecast/core/seasons/season-test.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const day = 86_400;
const likely = [day / 2, day, 7 * day];

function hours(days: number, shape: (hour: number) => number) {
  const random = createRandom(2);
  const values = Float64Array.from({ length: 24 * days }, (_, i) => 10 + shape(i) + random() - 0.5);
  return { values, stepSeconds: 3600 };
}
const wave = (hour: number, period: number) => 3 * Math.sin((2 * Math.PI * hour) / period);

describe('likely seasons', () => {
  it('are found longest first, without periods that are only parts of them', () => {
    const tests = createSeasonTests();
    const week = hours(28, (hour) => wave(hour, 24) + (Math.floor(hour / 24) % 7 > 4 ? -3 : 0));
    expect(findLikelySeasons(likely, () => week, tests).map(({ seconds }) => seconds)).toEqual([
      7 * day,
      day,
    ]);
    const flat = hours(28, () => 0);
    expect(findLikelySeasons(likely, () => flat, tests)).toEqual([]);
  });
});

describe('odd seasons', () => {
  it('are found beside a day that is known, and the day is not found again', () => {
    const tests = createSeasonTests();
    const window = hours(28, (hour) => wave(hour, 24) + wave(hour, 7));
    const known = findLikelySeasons(likely, () => window, tests);
    const search = { window, shortest: 2 * 3600, longest: 14 * day, likely, known };
    const found = findOddSeasons(search, tests).map(({ seconds }) => seconds / 3600);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeCloseTo(7, 1);
  });
});
