import { within } from '../../platform/deadline.ts';

/** Runs `count` pieces of work at once, whoever asks; the others wait in the order in which they asked. */
export function createConcurrencyLimit(count: number) {
  let free = count;
  const waiting = new Set<() => void>();

  async function take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    const turn = Promise.withResolvers<void>();
    waiting.add(turn.resolve);
    try {
      await within(Number.POSITIVE_INFINITY, turn.promise, { signal });
    } catch (aborted) {
      // The turn may have come in the same moment; then the next one gets it.
      if (!waiting.delete(turn.resolve)) giveBack();
      throw aborted;
    }
  }

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free++;
    else {
      waiting.delete(next);
      next();
    }
  }

  return {
    /** Rejects with the signal's reason when the signal aborts while the work waits. */
    async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      await take(signal);
      try {
        return await work();
      } finally {
        giveBack();
      }
    },
  };
}
