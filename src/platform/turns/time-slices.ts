/** Callers that wait for their next slice, in order of asking. There is one event loop, so there is one queue. */
const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop, so that other work is done in between. Each turn serves one caller. setImmediate alone
 * would run the slices of all waiting callers in the same turn, and fifty slices of 10 ms would block the loop for half a second.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

export interface TimeSliceOptions {
  /** Longest time the event loop is blocked at once, milliseconds (default 10; the promise is below 25). */
  readonly sliceMs?: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Aborting rejects the next turn with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Splits long work into short pieces: write `if (slices.isOver()) await slices.nextTurn()` in the innermost loop. */
export type TimeSlices = ReturnType<typeof createTimeSlices>;

/** Creates time slices; the first one begins now. */
export function createTimeSlices(options: TimeSliceOptions = {}) {
  const { sliceMs = 10, nowMs = () => performance.now(), signal } = options;
  let endsMs = nowMs() + sliceMs;
  return {
    isOver: () => nowMs() >= endsMs,
    /** Waits for {@link nextTurn} and begins the next slice. */
    async nextTurn(): Promise<void> {
      await nextTurn();
      signal?.throwIfAborted();
      endsMs = nowMs() + sliceMs;
    },
  };
}
