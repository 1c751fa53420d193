import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortedInSlices } from '../../../src/platform/turns/sorted-in-slices.ts';
import { createTimeSlices } from '../../../src/platform/turns/time-slices.ts';

interface Item {
  readonly key: number;
  readonly place: number;
}
const byKey = (a: Item, b: Item) => a.key - b.key;
const itemsOf = (keys: readonly number[]): Item[] => keys.map((key, place) => ({ key, place }));

it('sorts as toSorted does, and keeps the order of equal items', async () => {
  const slices = createTimeSlices({ sliceMs: 0 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3_000, size: 'max' }),
      async (keys) => {
        const items = itemsOf(keys);
        const sorted = await sortedInSlices(items, byKey, slices);
        expect(sorted).toEqual(items.toSorted(byKey));
        expect(items).toEqual(itemsOf(keys));
      },
    ),
    { numRuns: 30 },
  );
});

it('lets the event loop turn meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const keys = Array.from({ length: 20_000 }, (_, place) => (place * 7919) % 20_011);
  await sortedInSlices(itemsOf(keys), byKey, createTimeSlices({ sliceMs: 0 }));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});
