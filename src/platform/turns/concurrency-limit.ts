import { within } from '../deadline.ts';
import { createRotation } from './rotation.ts';

/** Work that waits for its turn. */
interface Waiting {
  readonly group: string;
  start(): void;
}

/**
 * Runs `count` pieces of work at once, whoever asks, and at most `perGroup` of one group. Groups take turns: whatever number of
 * pieces one has waiting, the next one that is free goes to another group that waits. Within a group the order of asking counts.
 */
export function createConcurrencyLimit(count: number, perGroup = count) {
  let free = count;
  const running = new Map<string, number>();
  const waiting = createRotation<Waiting>();

  const hasRoom = (group: string) => (running.get(group) ?? 0) < perGroup;

  function start(group: string): void {
    free--;
    running.set(group, (running.get(group) ?? 0) + 1);
  }

  async function take(group: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    // Whoever waits while something is free belongs to a group that has its share.
    if (free > 0 && hasRoom(group)) {
      start(group);
      return;
    }
    const turn = Promise.withResolvers<void>();
    const own: Waiting = { group, start: turn.resolve };
    waiting.add(own);
    try {
      await within(Number.POSITIVE_INFINITY, turn.promise, { signal });
    } catch (aborted) {
      // The turn may have come in the same moment; then the next one gets it.
      if (!waiting.delete(own)) giveBack(group);
      throw aborted;
    }
  }

  function giveBack(group: string): void {
    free++;
    const left = (running.get(group) ?? 0) - 1;
    if (left > 0) running.set(group, left);
    else running.delete(group);
    startNext();
  }

  function startNext(): void {
    const next = waiting.take(hasRoom);
    if (next === undefined) return;
    start(next.group);
    next.start();
  }

  return {
    /** Rejects with the signal's reason when the signal aborts while the work waits. */
    async run<T>(work: () => Promise<T>, signal?: AbortSignal, group = ''): Promise<T> {
      await take(group, signal);
      try {
        return await work();
      } finally {
        giveBack(group);
      }
    },
  };
}
