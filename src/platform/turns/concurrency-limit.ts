import { within } from '../deadline.ts';

/**
 * Runs `count` pieces of work at once, whoever asks, and at most `perGroup` of one group. Groups take turns: whatever number of
 * pieces one has waiting, the next one that is free goes to another group that waits. Within a group the order of asking counts.
 */
export function createConcurrencyLimit(count: number, perGroup = count) {
  let free = count;
  const running = new Map<string, number>();
  /** Who waits, by group; the group whose turn is next comes first. */
  const waiting = new Map<string, Set<() => void>>();

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
    const queue = waiting.get(group) ?? new Set();
    waiting.set(group, queue.add(turn.resolve));
    try {
      await within(Number.POSITIVE_INFINITY, turn.promise, { signal });
    } catch (aborted) {
      // The turn may have come in the same moment; then the next one gets it.
      if (!queue.delete(turn.resolve)) giveBack(group);
      else if (queue.size === 0 && waiting.get(group) === queue) waiting.delete(group);
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
    for (const [group, queue] of waiting) {
      const [next] = queue;
      if (next === undefined || !hasRoom(group)) continue;
      queue.delete(next);
      // The group goes to the end of the line.
      waiting.delete(group);
      if (queue.size > 0) waiting.set(group, queue);
      start(group);
      next();
      return;
    }
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
