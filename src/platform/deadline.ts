/** What else ends a wait, and how it ends. */
interface WaitOptions {
  /** Aborting ends the wait at once; the signal's reason comes through as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Makes the error of a wait whose time is over; it is called only then. */
  readonly error?: () => unknown;
}

/** A signal for one wait. */
export interface Bound {
  /** Aborts when the time is over, when the caller's signal aborts, or on release. */
  readonly signal: AbortSignal;
  /**
   * Says that the wait is over: the timer and the listener go, and what still listens to `signal` is ended. Safe to call
   * twice. `AbortSignal.any` with `AbortSignal.timeout` would hold 2 KB for each finished request until its time is over.
   */
  release(): void;
}

/** Reason of a bound's signal after its release; nobody waits for it. */
const released = new Error('the wait is over');

/**
 * Bounds a wait for something that takes an abort signal. The caller releases the bound when the wait is over, in a `finally`.
 * The timer never keeps the process alive; `Infinity` means that only the signal ends the wait.
 */
export function bounded(ms: number, options: WaitOptions = {}): Bound {
  const { signal, error = () => new Error(`took longer than ${ms} ms`) } = options;
  const own = new AbortController();
  const timer = Number.isFinite(ms) ? setTimeout(() => own.abort(error()), ms).unref() : undefined;
  const follow = () => own.abort(signal?.reason);
  if (signal?.aborted === true) follow();
  else signal?.addEventListener('abort', follow, { once: true });
  return {
    signal: own.signal,
    release() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', follow);
      own.abort(released);
    },
  };
}

/**
 * Result of `work`, or a rejection when the time is over or the signal aborts, even where the work does not notice.
 * A function is given the bound's signal, which also ends the rest of the work once there is an answer.
 */
export async function within<T>(
  ms: number,
  work: Promise<T> | ((signal: AbortSignal) => Promise<T>),
  options: WaitOptions = {},
): Promise<T> {
  const { signal, release } = bounded(ms, options);
  const ended = Promise.withResolvers<never>();
  const end = () => ended.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const start = () => {
    if (typeof work !== 'function') return work;
    return signal.aborted ? ended.promise : work(signal);
  };
  try {
    // Work that is already under way is raced even when it is too late, because someone must handle its failure.
    return await Promise.race([ended.promise, start()]);
  } finally {
    signal.removeEventListener('abort', end);
    release();
  }
}
