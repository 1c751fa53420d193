/** Who waits for a slice: somebody who asked and waits for the answer, or the work that goes on in the background. */
export type SliceFor = 'caller' | 'background';

/** Work that waits for its next slice, in order of asking. There is one event loop, so there is one queue of each kind. */
const waiting: Readonly<Record<SliceFor, (() => void)[]>> = { caller: [], background: [] };
/** Whose turn is next where both wait. */
let next: SliceFor = 'caller';
let isScheduled = false;
/** The background waits for so long after a caller was heard, and no longer than this for all callers together. */
const quietMs = 2;
const longestHoldMs = 8;
/** When a caller was heard, and when the background had its newest slice; milliseconds of a monotonic clock. */
let calledMs = Number.NEGATIVE_INFINITY;
let backgroundMs = Number.NEGATIVE_INFINITY;

/**
 * Waits for a turn of the event loop, so that other work is done in between. Each turn serves one. setImmediate alone would run
 * the slices of all who wait in the same turn, and fifty slices of 2 ms would block the loop for 100 ms. Callers and background
 * take turns, so that a caller waits for no queue of histories that are learned, and these go on whatever number of callers there is.
 */
export function nextTurn(sliceFor: SliceFor = 'background'): Promise<void> {
  return new Promise((resolve) => {
    waiting[sliceFor].push(resolve);
    schedule();
  });
}

/**
 * Says that somebody has begun to ask. A request comes in some packets within a millisecond: with a slice between each two its answer
 * would be late by as many slices, so that the background waits until there is nothing for a millisecond, but not for long.
 */
export function noteCaller(): void {
  calledMs = performance.now();
}

function schedule(): void {
  if (isScheduled || waiting.caller.length + waiting.background.length === 0) return;
  isScheduled = true;
  setImmediate(giveTurn);
}

function giveTurn(): void {
  const nowMs = performance.now();
  const isHeld = nowMs < Math.min(calledMs + quietMs, backgroundMs + longestHoldMs);
  const isForCaller =
    waiting.caller.length > 0 && (isHeld || next === 'caller' || waiting.background.length === 0);
  if (!isForCaller && isHeld) {
    setTimeout(giveTurn, quietMs);
    return;
  }
  isScheduled = false;
  if (!isForCaller) backgroundMs = nowMs;
  next = isForCaller ? 'background' : 'caller';
  waiting[isForCaller ? 'caller' : 'background'].shift()?.();
  schedule();
}

export interface TimeSliceOptions {
  /**
   * Longest time the event loop is blocked at once, milliseconds. Default 2: an RPC that comes meanwhile waits for one or two
   * slices, and is to be answered within 10 ms. A slice ends when the piece of work is done in which its time is over.
   */
  readonly sliceMs?: number;
  /** Default: background. */
  readonly sliceFor?: SliceFor;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Aborting rejects the next turn with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Splits long work into short pieces: write `if (slices.isOver()) await slices.nextTurn()` in the innermost loop. */
export type TimeSlices = ReturnType<typeof createTimeSlices>;

/** Creates time slices; the first one begins now. */
export function createTimeSlices(options: TimeSliceOptions = {}) {
  const { sliceMs = 2, sliceFor, nowMs = () => performance.now(), signal } = options;
  let endsMs = nowMs() + sliceMs;
  return {
    isOver: () => sliceMs < Number.POSITIVE_INFINITY && nowMs() >= endsMs,
    /** Waits for {@link nextTurn} and begins the next slice. */
    async nextTurn(): Promise<void> {
      await nextTurn(sliceFor);
      signal?.throwIfAborted();
      endsMs = nowMs() + sliceMs;
    },
  };
}
