import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets the event loop turn if it is time for it, and says whether it did. Rejects with the signal's reason once that is aborted. */
export type Turn = () => Promise<boolean>;

/** Long enough that turns cost nothing, and short enough that Ctrl-C ends the work at once. */
const betweenMs = 100;

/**
 * Work that only calculates calls this again and again: the event loop, by which Ctrl-C comes, turns at the first call and then ten
 * times a second.
 */
export function createTurns(signal: AbortSignal | undefined): Turn {
  let turnedMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - turnedMs < betweenMs) return false;
    await nextTurn();
    signal?.throwIfAborted();
    turnedMs = performance.now();
    return true;
  };
}
