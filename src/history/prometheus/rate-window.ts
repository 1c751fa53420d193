import { parseDuration } from '../../platform/duration.ts';

/**
 * Longest range in the `[…]` selectors of a PromQL query, seconds; 0 where there is none. No part of the expression runs over
 * another `[`, so that a text of nothing but brackets is read once and not once for each of them.
 */
export function rateWindowSeconds(query: string): number {
  let longest = 0;
  for (const [, range] of query.matchAll(/\[([^[\]:]+)(?::[^[\]]*)?\]/g)) {
    longest = Math.max(longest, parseDuration(range ?? '') ?? 0);
  }
  return longest;
}
