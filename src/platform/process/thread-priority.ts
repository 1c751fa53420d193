import { getPriority, platform, setPriority } from 'node:os';

/** What serves gets nine tenths of a processor that both want. At 19, the lowest priority, a thread on a busy machine came to nothing within a minute. */
const lower = 10;
const lowest = 19;

/**
 * Lets the threads that serve go before the thread that calls. Only on Linux a priority is one thread's own; it can only be lowered, from
 * what the server was started with.
 */
export function lowerThreadPriority(): void {
  if (platform() === 'linux') setPriority(Math.min(lowest, getPriority() + lower));
}
