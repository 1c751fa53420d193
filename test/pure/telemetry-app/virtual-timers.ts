import type { Timers } from '../../../src/telemetry-app/timers.ts';

export interface VirtualTimers extends Timers {
  /** Lets time pass, running on the way whatever is due, in order. */
  runTo(milliseconds: number): void;
}

/** Time that stands still until it is told to pass. */
export function createVirtualTimers(): VirtualTimers {
  let nowMs = 0;
  const due = new Set<{ atMs: number; run: () => void }>();
  return {
    nowMs: () => nowMs,
    after(milliseconds, run) {
      const timer = { atMs: nowMs + Math.max(0, milliseconds), run };
      due.add(timer);
      return () => void due.delete(timer);
    },
    runTo(endMs) {
      for (;;) {
        const [next] = [...due].sort((a, b) => a.atMs - b.atMs);
        if (next === undefined || next.atMs > endMs) break;
        due.delete(next);
        nowMs = next.atMs;
        next.run();
      }
      nowMs = endMs;
    },
  };
}
