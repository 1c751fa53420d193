/** Runs at most `count` pieces of work at once; the others wait in order of asking. */
export interface Slots {
  /** Rejects with the signal's reason when that aborts while waiting. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** A fixed number of slots, shared by all that want to use the same thing. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function take(signal: AbortSignal | undefined): Promise<void> | void {
    signal?.throwIfAborted();
    if (free > 0) {
      free--;
      return;
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(enter);
        reject(signal?.reason);
      };
      const enter = () => {
        waiting.delete(enter);
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      waiting.add(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  function giveBack(): void {
    const [next] = waiting;
    if (next === undefined) free++;
    else next();
  }

  return {
    async run(work, signal) {
      await take(signal);
      try {
        return await work();
      } finally {
        giveBack();
      }
    },
  };
}
