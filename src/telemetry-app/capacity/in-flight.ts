/** Counts the requests that have arrived and are not yet answered. */
export interface InFlight {
  enter(): void;
  leave(): void;
  count(): number;
  /** Settles as soon as no request is in flight, at once when none is now. */
  idle(): Promise<void>;
}

export function createInFlight(): InFlight {
  let count = 0;
  let onIdle: (() => void)[] = [];
  return {
    enter() {
      count++;
    },
    leave() {
      count--;
      if (count > 0 || onIdle.length === 0) return;
      for (const settle of onIdle) settle();
      onIdle = [];
    },
    count: () => count,
    idle: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
  };
}
