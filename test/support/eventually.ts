import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats a check until it holds and returns its value; after two minutes, or as long as is said, it fails with the last value. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  withinMs = 120_000,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadlineMs)
      throw new Error(`did not come true within ${withinMs / 1000} s: ${JSON.stringify(seen)}`);
    await sleep(50);
  }
}
