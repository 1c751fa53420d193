import { expect, it } from 'vitest';
import {
  longSeasonNaive,
  persistence,
  sevenDayMean,
  shortSeasonNaive,
} from '../../../../../src/forecast/core/experts/naive.ts';
import { learner } from './expert-learner.ts';

const seasons = { shortSeasonSteps: 3, longSeasonSteps: 6, rememberedSteps: 30 };

function pathOf(make: typeof persistence, values: readonly number[], steps = 7): number[] | undefined {
  const one = learner(make, seasons);
  for (const value of values) one.feed(value);
  const path = one.predict(steps);
  return path && Array.from(path, (value) => Math.round(1000 * value) / 1000);
}

it('persistence stays at the newest value', () => {
  expect(pathOf(persistence, [])).toBeUndefined();
  expect(pathOf(persistence, [4, 9], 3)).toEqual([9, 9, 9]);
});

it('the seasonal naives repeat the last season for ever', () => {
  expect(pathOf(shortSeasonNaive, [9, 9, 1, 2, 3])).toEqual([1, 2, 3, 1, 2, 3, 1]);
  expect(pathOf(longSeasonNaive, [9, 1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 4, 5, 6, 1]);
});

it('a seasonal naive is available first for the horizons that have a value a season before', () => {
  expect(pathOf(shortSeasonNaive, [5], 3)).toEqual([Number.NaN, Number.NaN, 5]);
  expect(pathOf(shortSeasonNaive, [5], 2)).toBeUndefined();
});

it('the seven-day mean is the mean of the same moment of seven days', () => {
  const values = Array.from({ length: 21 }, (_, i) => (i % 3 === 0 ? i : 2));
  expect(pathOf(sevenDayMean, values, 3)).toEqual([(0 + 3 + 6 + 9 + 12 + 15 + 18) / 7, 2, 2]);
});
