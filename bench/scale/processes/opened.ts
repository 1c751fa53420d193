/** What was opened and has to be ended, in the order in which it was. */
export interface Opened {
  /** Remembers it, and throws where the user has asked to end meanwhile. */
  keep<T extends { stop(): Promise<void> }>(one: T): T;
  /** Ends all of it, the newest first; what has ended is not ended again. */
  stop(): Promise<void>;
}

/** Keeps what a benchmark has opened, and ends it as soon as `signal` is aborted: whoever waits for its answers then gets an error. */
export function createOpened(signal: AbortSignal | undefined): Opened {
  const opened: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (let one = opened.pop(); one !== undefined; one = opened.pop()) await one.stop();
  };
  let stopping: Promise<void> | undefined;
  signal?.addEventListener('abort', () => {
    stopping = stop();
  });
  return {
    keep(one) {
      opened.push(one);
      signal?.throwIfAborted();
      return one;
    },
    async stop() {
      await stopping;
      await stop();
    },
  };
}
