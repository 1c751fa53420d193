import { setTimeout as sleep } from 'node:timers/promises';
import { ForescaleError } from '../../platform/errors.ts';

/** Waits for a time; rejects when the signal aborts. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

export const realDelay: Delay = async (ms, signal) => {
  await sleep(ms, undefined, { signal });
};

export interface RetryOptions {
  /** Number of attempts after the first one. */
  readonly retries: number;
  /** Wait before the first retry; it doubles with each further one. */
  readonly backoffMs: number;
  readonly delay: Delay;
  readonly signal: AbortSignal;
}

/**
 * Whether a failure may pass in less than a second: no connection, no answer in time, 5xx. A source that says how long it wants to
 * be left alone, or that there were too many questions (429), is left alone.
 */
function isTransient(error: unknown): boolean {
  return (
    error instanceof ForescaleError &&
    (error.code === 'source-unreachable' || error.code === 'source-timeout') &&
    error.retryAfterSeconds === undefined
  );
}

/** Repeats `attempt` while its failure may pass by itself; throws the last failure. */
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
