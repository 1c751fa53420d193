import { setTimeout as sleep } from 'node:timers/promises';

/** Looks until something holds, and gives what was seen; fails with what was last seen after 30 s. */
export async function eventually<T>(look: () => T | Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadlineMs = performance.now() + 30_000;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadlineMs)
      throw new Error(`did not come true within 30 s: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}
