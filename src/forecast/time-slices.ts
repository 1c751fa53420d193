import { setImmediate as nextTurn } from 'node:timers/promises';

export interface TimeSliceOptions {
  /** The event loop is held about this long at a time, milliseconds (default 10; promised: below 25). */
  readonly sliceMs?: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Aborting rejects the next turn with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Long work in short pieces: `if (slices.isOver()) await slices.nextTurn()` in the innermost loop. */
export interface TimeSlices {
  isOver(): boolean;
  /** Lets the event loop turn, so that others are served, and begins the next slice. */
  nextTurn(): Promise<void>;
}

/** The first slice begins now. */
export function createTimeSlices(options: TimeSliceOptions = {}): TimeSlices {
  const { sliceMs = 10, nowMs = () => performance.now(), signal } = options;
  let endsMs = nowMs() + sliceMs;
  return {
    isOver: () => nowMs() >= endsMs,
    async nextTurn() {
      await nextTurn();
      signal?.throwIfAborted();
      endsMs = nowMs() + sliceMs;
    },
  };
}
