import type { Logger } from './log.ts';

/** Something opened that can be closed. */
type Closer = () => Promise<void> | void;

export interface Lifecycle {
  /** Registers how to close what was just opened. Closing runs in reverse order of opening. */
  onClose(name: string, close: Closer): void;
  /** Closes everything, each within `timeoutMs`; safe to call twice. A close that fails is logged, the rest go on. */
  close(): Promise<void>;
}

/** Keeps what has been opened and closes it in reverse, every wait bounded. */
export function createLifecycle(log: Logger, timeoutMs = 5_000): Lifecycle {
  const opened: { name: string; close: Closer }[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (let entry = opened.pop(); entry !== undefined; entry = opened.pop()) {
      const { name, close } = entry;
      try {
        await withDeadline(
          Promise.resolve(close()),
          timeoutMs,
          `closing ${name} took longer than ${timeoutMs} ms`,
        );
      } catch (error) {
        log.warn({ part: name, error: String(error) }, 'close-failed');
      }
    }
  };
  return {
    onClose: (name, close) => void opened.push({ name, close }),
    close: () => (closing ??= closeAll()),
  };
}

/** `promise`, or a rejection with `message` after `timeoutMs`. The timer never keeps the process alive. */
export async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
    timer.unref();
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
