import { within } from '../deadline.ts';
import type { Logger } from '../log.ts';

/** Something opened that can be closed. */
type Closer = () => Promise<void> | void;

export interface Lifecycle {
  /** Registers how to close something that was just opened. */
  onClose(name: string, close: Closer): void;
  /**
   * Closes everything that was opened, in reverse order. A part that fails to close, or takes longer than the limit of
   * one part, is logged and the others are closed all the same. Safe to call twice.
   */
  close(): Promise<void>;
}

/** Keeps what has been opened, to close it in reverse order; closing one part takes `timeoutMs` at most. */
export function createLifecycle(log: Logger, timeoutMs = 5_000): Lifecycle {
  const opened: { name: string; close: Closer }[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    for (let entry = opened.pop(); entry !== undefined; entry = opened.pop()) {
      const { name, close } = entry;
      try {
        await within(timeoutMs, async () => close(), {
          error: () => new Error(`closing ${name} took longer than ${timeoutMs} ms`),
        });
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
