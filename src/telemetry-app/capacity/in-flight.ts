export type InFlight = ReturnType<typeof createInFlight>;

/** Counts the requests that have arrived and are not yet answered. */
export function createInFlight() {
  let count = 0;
  let onIdle: (() => void)[] = [];
  return {
    enter: () => void count++,
    leave() {
      count--;
      if (count > 0 || onIdle.length === 0) return;
      for (const settle of onIdle) settle();
      onIdle = [];
    },
    count: () => count,
    /** Settles as soon as no request is in flight, at once when none is now. */
    idle: (): Promise<void> =>
      count === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
  };
}
