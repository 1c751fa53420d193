import { expect, it } from 'vitest';
import type { ExpertContext } from '../../../../../src/forecast/core/experts/expert.ts';
import { longSeasonLags, twoLongSeasonsLags } from '../../../../../src/forecast/core/experts/ridge-ar.ts';

const context = (shortSeasonSteps: number, longSeasonSteps: number) =>
  ({ shortSeasonSteps, longSeasonSteps }) as ExpertContext;

it('lags rise, each once, to one beyond the week or beyond two weeks', () => {
  for (const [lagsOf, farthest] of [
    [longSeasonLags, 169],
    [twoLongSeasonsLags, 337],
  ] as const) {
    const lags = lagsOf(context(24, 168));
    expect([...lags]).toEqual([...new Set(lags)].sort((a, b) => a - b));
    expect([lags[0], lags.at(-1)]).toEqual([1, farthest]);
    for (const lag of [23, 24, 25, 48, 144, 168]) expect(lags).toContain(lag);
  }
});

it('without a week there are no lags', () => {
  expect(longSeasonLags(context(24, 0))).toEqual([]);
  expect(twoLongSeasonsLags(context(24, 0))).toEqual([]);
});
