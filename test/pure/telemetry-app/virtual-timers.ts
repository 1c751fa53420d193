import type { Timers } from '../../../src/telemetry-app/capacity/timers.ts';

export interface VirtualTimers extends Timers {
  /** Lets time pass and runs every timer that becomes due, in order. */
  runTo(milliseconds: number): void;
  /** Lets time pass as `runTo` does, and after each timer runs the code that waits for settled promises. */
  passTo(milliseconds: number): Promise<void>;
}

/** Runs the code that waits for promises that are settled. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 10; tick++) await null;
}

/** Virtual time that passes only when a test calls for it. */
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
