import type { Timers } from '../../../src/keda-sim/index.ts';
import type { Clock } from '../../../src/platform/clock.ts';

export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs, in order, every timer that is due within `seconds`, and the work that follows from it. */
  advance(seconds: number): Promise<void>;
}

/** A clock that moves only by `advance`, for parts that wait through Timers alone. */
export function createVirtualTime(): VirtualTime {
  let now = 0;
  const waiting = new Set<{ readonly atSeconds: number; readonly resolve: () => void }>();

  const earliest = () =>
    [...waiting].reduce<{ atSeconds: number; resolve: () => void } | undefined>(
      (first, entry) => (first === undefined || entry.atSeconds < first.atSeconds ? entry : first),
      undefined,
    );
  // Two rounds of the event loop are enough for promises that follow from one another.
  const settle = async () => {
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
  };

  return {
    clock: () => now,
    timers: {
      wait: (seconds, signal) =>
        new Promise((resolve) => {
          if (signal.aborted) return resolve();
          const end = () => {
            waiting.delete(entry);
            signal.removeEventListener('abort', end);
            resolve();
          };
          const entry = { atSeconds: now + seconds, resolve: end };
          waiting.add(entry);
          signal.addEventListener('abort', end);
        }),
    },
    async advance(seconds) {
      const end = now + seconds;
      await settle();
      for (let next = earliest(); next !== undefined && next.atSeconds <= end; next = earliest()) {
        now = next.atSeconds;
        next.resolve();
        await settle();
      }
      now = end;
    },
  };
}
