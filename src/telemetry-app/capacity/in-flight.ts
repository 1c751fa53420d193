import { EventEmitter, once } from 'node:events';

export type InFlight = ReturnType<typeof createInFlight>;

/** Counts the requests that have arrived and are not yet answered. */
export function createInFlight() {
  const events = new EventEmitter();
  let count = 0;
  return {
    enter: () => void count++,
    leave() {
      count--;
      if (count === 0) events.emit('idle');
    },
    count: () => count,
    /** Settles as soon as no request is in flight, at once when none is now. */
    async idle() {
      if (count > 0) await once(events, 'idle');
    },
  };
}
