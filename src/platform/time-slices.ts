/** Everyone whose next slice is due, in order of asking. There is one event loop, so there is one queue. */
const waiting: (() => void)[] = [];

/**
 * Lets the event loop turn, so that others are served. One caller a turn: were it setImmediate alone, Node would run
 * the slices of everyone who waits in the same turn, and fifty of 10 ms would hold the loop for half a second.
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
  /** Waits for {@link nextTurn} and begins the next slice. */
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
