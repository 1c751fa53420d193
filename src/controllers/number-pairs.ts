import type { StateCopier } from './state-copier.ts';

/**
 * Copies pairs of numbers that stand one behind the other in one list, as a list of the first of each and one of the second. They are one
 * list, because a server has ten for each of ten thousand workloads, and each has room for more than is in it.
 */
export function copyPairs(copier: StateCopier, pairs: number[]): void {
  const first = pairs.filter((_, place) => place % 2 === 0);
  const second = pairs.filter((_, place) => place % 2 === 1);
  copier.list(first);
  copier.list(second);
  if (first.length !== second.length) throw new RangeError('the saved lists have not the same length');
  pairs.length = 0;
  for (const [place, one] of first.entries()) pairs.push(one, second[place] ?? Number.NaN);
}
