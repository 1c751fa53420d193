import { createTimeSlices } from './time-slices.ts';

/** Alarms that are due within this time of each other share a timer, milliseconds. */
const togetherMs = 10;

/** Who sleeps. An object, because thousands sleep at once and a function for each of them would be one more. */
export interface Sleeper {
  wake(): void;
}

/** Those who sleep until the same moment. */
export type Sleepers = Set<Sleeper>;

/** By the number of the span of time in which they are due. There is one event loop, so there is one list. */
const due = new Map<number, Sleepers>();

/**
 * Wakes a sleeper once, when the time is over and up to 10 ms later, unless it is taken out of what is returned. Thousands of loops sleep
 * until the same moment: with a timer each they would all begin in one turn of the event loop, and hold it. What `wake` does before it
 * returns is worked off in slices. It never keeps the process alive.
 */
export function sleepFor(ms: number, sleeper: Sleeper): Sleepers {
  const nowMs = performance.now();
  const span = Math.ceil((nowMs + ms) / togetherMs);
  const sleepers = due.get(span) ?? new Set();
  if (sleepers.size === 0) {
    due.set(span, sleepers);
    setTimeout(() => void ring(span, sleepers), span * togetherMs - nowMs).unref();
  }
  sleepers.add(sleeper);
  return sleepers;
}

async function ring(span: number, sleepers: ReadonlySet<Sleeper>): Promise<void> {
  if (due.get(span) === sleepers) due.delete(span);
  const slices = createTimeSlices({ sliceFor: 'refresh' });
  for (const sleeper of sleepers) {
    if (slices.isOver()) await slices.nextTurn();
    sleeper.wake();
  }
}
