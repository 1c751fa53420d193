import type { TimeSlices } from './time-slices.ts';

/** Items that are sorted, or merged, before the time is looked at: a millisecond. */
const atOnce = 512;

/**
 * The items in order, as `toSorted` gives them: equal ones keep their order. The event loop turns in between, where one turn for ten
 * thousand items would hold it for tens of milliseconds.
 */
export async function sortedInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slices: TimeSlices,
): Promise<readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (let first = 0; first < items.length; first += atOnce) {
    runs.push(items.slice(first, first + atOnce).sort(compare));
    if (slices.isOver()) await slices.nextTurn();
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      const [one = [], other = []] = runs.slice(index, index + 2);
      merged.push(await mergedInSlices(one, other, compare, slices));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergedInSlices<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (a: T, b: T) => number,
  slices: TimeSlices,
): Promise<readonly T[]> {
  const merged: T[] = [];
  let [ofOne, ofOther] = [0, 0];
  while (ofOne < one.length && ofOther < other.length) {
    const [a, b] = [one[ofOne] as T, other[ofOther] as T];
    if (compare(a, b) <= 0) {
      merged.push(a);
      ofOne++;
    } else {
      merged.push(b);
      ofOther++;
    }
    if (merged.length % atOnce === 0 && slices.isOver()) await slices.nextTurn();
  }
  return [...merged, ...one.slice(ofOne), ...other.slice(ofOther)];
}
