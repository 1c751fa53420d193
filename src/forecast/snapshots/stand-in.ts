import { restoreState } from '../core/index.ts';
import type { KeptFollower } from '../following.ts';

/**
 * A follower with what another one had learned, whose key says most nearly the same; undefined where no state fits. A restart would
 * else forget for minutes what was learned before it, and promise less than was served.
 */
export function standInOf(
  key: string,
  create: () => KeptFollower,
  states: ReadonlyMap<string, Uint8Array>,
): KeptFollower | undefined {
  const words = new Set(wordsOf(key));
  const inCommon = (other: string) => wordsOf(other).filter((word) => words.has(word)).length;
  // Of those as near it is the same one in every replica, whatever their order.
  const nearestFirst = [...states].sort(([a], [b]) => inCommon(b) - inCommon(a) || (a < b ? -1 : 1));
  for (const [, state] of nearestFirst) {
    const follower = create();
    try {
      restoreState(follower, state);
      return follower;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

/** The settings that a key is made of. */
const wordsOf = (key: string) => key.split(',');
