import { createTimeSlices } from './time-slices.ts';

/** Alarms that are due within this time of each other share a timer, milliseconds. */
const togetherMs = 10;

/** By the number of the span of time in which they are due. There is one event loop, so there is one list. */
const due = new Map<number, Set<() => void>>();

/**
 * Calls `wake` once, when the time is over and up to 10 ms later; returns what takes that back. Thousands of loops sleep until the same
 * moment: with a timer each they would all begin in one turn of the event loop, and hold it. What `wake` does before it returns is
 * worked off in slices. It never keeps the process alive.
 */
export function wakeIn(ms: number, wake: () => void): () => void {
  const nowMs = performance.now();
  const span = Math.ceil((nowMs + ms) / togetherMs);
  const alarms = due.get(span) ?? new Set();
  if (alarms.size === 0) {
    due.set(span, alarms);
    setTimeout(() => void ring(span, alarms), span * togetherMs - nowMs).unref();
  }
  const own = () => wake();
  alarms.add(own);
  return () => void alarms.delete(own);
}

async function ring(span: number, alarms: ReadonlySet<() => void>): Promise<void> {
  if (due.get(span) === alarms) due.delete(span);
  const slices = createTimeSlices({ sliceFor: 'refresh' });
  for (const wake of alarms) {
    if (slices.isOver()) await slices.nextTurn();
    wake();
  }
}
