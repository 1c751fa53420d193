import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting, handed in so that a test can let hours pass in a moment. */
export interface Timers {
  /** Resolves after `seconds`, or as soon as `signal` aborts; never rejects. */
  wait(seconds: number, signal: AbortSignal): Promise<void>;
}

export const systemTimers: Timers = {
  async wait(seconds, signal) {
    try {
      await sleep(seconds * 1000, undefined, { signal });
    } catch {
      // Aborted: the caller looks at its signal.
    }
  },
};
