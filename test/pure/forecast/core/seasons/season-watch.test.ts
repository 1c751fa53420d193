import { expect, it } from 'vitest';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';
import { createSeasonPattern } from '../../../../../src/forecast/core/seasons/season-pattern.ts';
import { SeasonWatch } from '../../../../../src/forecast/core/seasons/season-watch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

const hour = 3600;

/** Seasons followed over three weeks of hours of a series. */
function followed(valueAt: (step: number) => number, everySeasons?: number) {
  const lengths = lengthsOf({ stepSeconds: hour });
  const sqrt = new ValueWindow(lengths.rememberedSteps);
  const pattern = createSeasonPattern(lengths.shortSteps);
  const seasons = new SeasonWatch(lengths, { sqrt, pattern, scratch: createScratch() });
  const searched: number[] = [];
  for (let step = 0; step < 504; step++) {
    const root = Math.sqrt(valueAt(step));
    sqrt.push(root);
    seasons.note(step, root);
    if (seasons.search(step, everySeasons)) searched.push(step);
  }
  return { seasons, pattern, searched };
}
const wave = (period: number) => (step: number) => 50 + 30 * Math.sin((2 * Math.PI * step) / period);

it('a day is found by a search a day, and needs no pattern', () => {
  const { seasons, pattern, searched } = followed(wave(24));
  expect(seasons.foundSteps).toEqual([24]);
  expect(pattern.isThere).toBe(false);
  expect(searched).toEqual(Array.from({ length: 21 }, (_, i) => 24 * (i + 1) - 1));
});

it('a season of no calendar makes a pattern', () => {
  const { seasons, pattern } = followed(wave(7));
  expect(seasons.foundSteps).toEqual([7]);
  expect(seasons.isAperiodic).toBe(false);
  expect(pattern.isThere).toBe(true);
});

it('where a week shows no season the pattern is the level', () => {
  const random = createRandom(4);
  const { seasons, pattern } = followed(() => 50 + random());
  expect(seasons).toMatchObject({ foundSteps: [], isAperiodic: true });
  expect(pattern.at(9)).toBeCloseTo(Math.sqrt(50.5), 1);
});

it('seasons are searched as seldom as is wanted, but each day until it is told whether there is none', () => {
  expect(followed(wave(24), 7).searched).toEqual([167, 335, 503]);
  const random = createRandom(4);
  const { seasons, searched } = followed(() => 50 + random(), 7);
  expect(seasons.isAperiodic).toBe(true);
  // The first of them finds none, and two more on the next days say so too.
  expect(searched).toEqual([167, 191, 215, 383]);
});
