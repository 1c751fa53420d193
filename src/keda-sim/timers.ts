import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting, handed in so that a test can let hours pass in a moment. */
export interface Timers {
  /** Resolves after `seconds`, or as soon as `signal` aborts; never rejects. */
  wait(seconds: number, signal: AbortSignal): Promise<void>;
}

/** Node fires a longer timer at once (its delay is a signed 32-bit number), so longer waits are cut in pieces. */
const longestTimerMs = 2 ** 31 - 1;

export const systemTimers: Timers = {
  async wait(seconds, signal) {
    let leftMs = seconds * 1000;
    do {
      const ms = Math.min(leftMs, longestTimerMs);
      try {
        await sleep(ms, undefined, { signal });
      } catch {
        // Aborted: the caller looks at its signal.
        return;
      }
      leftMs -= ms;
    } while (leftMs > 0);
  },
};
