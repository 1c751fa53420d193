/**
 * Who waits for a slice: somebody who asked and waits for the answer, what keeps served values fresh, or the work that goes on in the
 * background, such as histories that are learned.
 */
export type SliceFor = 'caller' | 'refresh' | 'background';

interface Kind {
  /** Longest time of one slice, milliseconds, unless the work says another. */
  readonly sliceMs: number;
  /** Longest time that a caller who was heard holds slices back, for all callers together, milliseconds. */
  readonly longestHoldMs: number;
  /** Work that has gone on for longer than this is held back no more, milliseconds. */
  readonly patienceMs: number;
  /** Work that waits for its next slice, in order of asking. There is one event loop, so there is one queue of each kind. */
  readonly waiting: (() => void)[];
  /** When the newest slice of this kind began, and the work it belongs to; milliseconds of a monotonic clock. */
  begunMs: number;
  sinceMs: number;
}

/**
 * An RPC that comes meanwhile waits for what is left of a slice, and then has a millisecond for itself. What it holds back goes on
 * whatever number of callers there is: histories with about a fifth of the time, and what keeps served values fresh with a third, and with
 * all that it wants where that goes on for long.
 */
const kindOf = (limits: Pick<Kind, 'sliceMs' | 'longestHoldMs' | 'patienceMs'>): Kind => ({
  ...limits,
  ...{ waiting: [], begunMs: Number.NEGATIVE_INFINITY, sinceMs: 0 },
});
const kinds: Readonly<Record<SliceFor, Kind>> = {
  caller: kindOf({ sliceMs: 2, longestHoldMs: 0, patienceMs: 0 }),
  // Some hundred values are new within 100 ms. Thousands take longer, and would be late where as many calls hold them back.
  refresh: kindOf({ sliceMs: 0.5, longestHoldMs: 1, patienceMs: 100 }),
  background: kindOf({ sliceMs: 1, longestHoldMs: 4, patienceMs: Number.POSITIVE_INFINITY }),
};
/** Work that wants no slice for so long is over. */
const overMs = 10;
/** The kind that had its turn last comes last. */
const order = Object.values(kinds);
/** Slices wait for so long after a caller was heard. */
const quietMs = 2;
/** When a caller was heard. */
let calledMs = Number.NEGATIVE_INFINITY;
/** What gives the next turn: an immediate, or a timer while all who wait are held back. */
let scheduled: NodeJS.Immediate | undefined;
let held: NodeJS.Timeout | undefined;

/**
 * Waits for a turn of the event loop, so that other work is done in between. Each turn serves one. setImmediate alone would run
 * the slices of all who wait in the same turn, and fifty slices of 2 ms would block the loop for 100 ms. The kinds take
 * turns, so that a caller waits for no queue of histories that are learned, and these go on whatever number of callers there is.
 */
export function nextTurn(sliceFor: SliceFor = 'background'): Promise<void> {
  const kind = kinds[sliceFor];
  const nowMs = performance.now();
  if (kind.waiting.length === 0 && nowMs - kind.begunMs > overMs) kind.sinceMs = nowMs;
  return new Promise((resolve) => {
    kind.waiting.push(resolve);
    schedule();
  });
}

/**
 * Says that somebody has begun to ask. A request comes in some packets within a millisecond, and its answer goes in some turns: with a
 * slice between each two it would be late by as many slices, so that they wait until there is nothing for a while, but not for long.
 */
export function noteCaller(): void {
  calledMs = performance.now();
}

/** Resolves in the same turn, when what waits for promises that are settled by now has gone on, and what waits for that. */
export function afterPromises(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** When a kind may have its next slice. */
function dueMs({ begunMs, sinceMs, longestHoldMs, patienceMs }: Kind): number {
  return Math.min(calledMs + quietMs, begunMs + longestHoldMs, sinceMs + patienceMs);
}

/** Sees to it that a turn is given, as soon as one of those who wait need not. */
function schedule(): void {
  if (scheduled !== undefined) return;
  clearTimeout(held);
  held = undefined;
  scheduled = setImmediate(giveTurn);
}

function giveTurn(): void {
  scheduled = undefined;
  held = undefined;
  const nowMs = performance.now();
  const waiting = order.filter((kind) => kind.waiting.length > 0);
  const next = waiting.find((kind) => dueMs(kind) <= nowMs);
  if (next === undefined) {
    const firstMs = Math.min(...waiting.map(dueMs));
    if (waiting.length > 0) held = setTimeout(giveTurn, firstMs - nowMs);
    return;
  }
  next.begunMs = nowMs;
  order.push(...order.splice(order.indexOf(next), 1));
  next.waiting.shift()?.();
  if (order.some((kind) => kind.waiting.length > 0)) scheduled = setImmediate(giveTurn);
}

export interface TimeSliceOptions {
  /**
   * Longest time the event loop is blocked at once, milliseconds. Default: 2 for a caller, 1 in the background, and a half for what keeps
   * served values fresh. A slice ends when the piece of work is done in which its time is over.
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
  const { sliceFor = 'background', nowMs = () => performance.now(), signal } = options;
  const { sliceMs = kinds[sliceFor].sliceMs } = options;
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
