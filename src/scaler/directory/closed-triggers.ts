import type { ServedBefore } from '../decision/served-before.ts';

/** What is remembered of a trigger that was closed. */
export interface ClosedTrigger {
  /** When it was asked for last, seconds of a monotonic clock. */
  readonly askedSeconds: number;
  readonly served: ServedBefore | undefined;
}

/**
 * Remembers triggers that were closed, at most so many and the newest: one that is asked for less often than its siblings is set aside
 * once, and not again when it has come back.
 */
export function createClosedTriggers(most: number) {
  /** Oldest first. */
  const closed = new Map<string, ClosedTrigger>();
  return {
    of: (key: string) => closed.get(key),
    remember(key: string, trigger: ClosedTrigger): void {
      closed.delete(key);
      closed.set(key, trigger);
      const [oldest] = closed.keys();
      if (closed.size > most && oldest !== undefined) closed.delete(oldest);
    },
  };
}
