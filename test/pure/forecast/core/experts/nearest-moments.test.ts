import { expect, it } from 'vitest';
import { createNearestMoments } from '../../../../../src/forecast/core/experts/nearest-moments.ts';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';

const day = 24;

/** The moments nearest to the end of ten days, where each day has the roots of a kind of its own. */
function nearestTo(kinds: readonly number[]) {
  const window = new ValueWindow(400);
  for (const kind of kinds) for (let hour = 0; hour < day; hour++) window.push(kind + (hour % (kind + 2)));
  const moments = createNearestMoments(window, day);
  moments.search();
  return moments;
}

it('the nearest moment ends an earlier day of the same kind as the last one', () => {
  const moments = nearestTo([1, 5, 3, 7, 2, 5, 8, 1, 4, 5]);
  // The last day is of kind 5, and so are the days that ended 4 and 8 days ago.
  expect(moments.count).toBe(5);
  expect(moments.ages.slice(0, 2).sort((a, b) => a - b)).toEqual([4 * day, 8 * day]);
  expect(moments.distances[0]).toBeLessThan(1e-6);
  expect([...moments.distances]).toEqual([...moments.distances].sort((a, b) => a - b));
});

it('a level is the mean of the day before', () => {
  const moments = nearestTo([0, 0, 0, 0]);
  // Hours alternate between 0 and 1.
  expect(moments.levelAt(2 * day)).toBe(0.5);
});

it('a search in a window with no day after any moment finds nothing', () => {
  expect(nearestTo([1]).count).toBe(0);
});
