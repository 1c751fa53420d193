import type { Timers } from '../../../src/telemetry-app/capacity/timers.ts';

export interface VirtualTimers extends Timers {
  /** Lets time pass, running on the way whatever is due, in order. */
  runTo(milliseconds: number): void;
  /** As `runTo`; whatever is awaited goes on before any more time passes. */
  passTo(milliseconds: number): Promise<void>;
}

/** Lets go on whatever waits for a promise that is settled. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 10; tick++) await null;
}

/** Time that stands still until it is told to pass. */
export function createVirtualTimers(): VirtualTimers {
  let nowMs = 0;
  const due = new Set<{ atMs: number; run: () => void }>();
  /** Runs the next timer that is due by then, if there is one. */
  const runNext = (endMs: number) => {
    const [next] = [...due].sort((a, b) => a.atMs - b.atMs);
    if (next === undefined || next.atMs > endMs) return false;
    due.delete(next);
    nowMs = next.atMs;
    next.run();
    return true;
  };
  return {
    nowMs: () => nowMs,
    after(milliseconds, run) {
      const timer = { atMs: nowMs + Math.max(0, milliseconds), run };
      due.add(timer);
      return () => void due.delete(timer);
    },
    runTo(endMs) {
      while (runNext(endMs));
      nowMs = endMs;
    },
    async passTo(endMs) {
      await settle();
      while (runNext(endMs)) await settle();
      nowMs = endMs;
    },
  };
}
