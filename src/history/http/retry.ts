import { setTimeout as sleep } from 'node:timers/promises';
import { ForescaleError } from '../../platform/errors.ts';

/** Waits; rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

export const realDelay: Delay = async (ms, signal) => {
  await sleep(ms, undefined, { signal });
};

export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  /** Before the first retry; doubles with each. */
  readonly backoffMs: number;
  readonly delay: Delay;
  readonly signal: AbortSignal;
}

/** Only what may pass by itself is tried again: no connection, no answer in time, 429 and 5xx. */
function isTransient(error: unknown): boolean {
  return (
    error instanceof ForescaleError &&
    (error.code === 'source-unreachable' || error.code === 'source-timeout')
  );
}

/** Does `attempt`, again while it fails in a way that may pass; the last failure is the one thrown. */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retries, backoffMs, delay, signal } = options;
  for (let retry = 0; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      if (retry >= retries || signal.aborted || !isTransient(error)) throw error;
    }
    await delay(backoffMs * 2 ** retry, signal).catch(() => signal.throwIfAborted());
  }
}
