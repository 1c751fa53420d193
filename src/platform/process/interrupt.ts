import { within } from '../deadline.ts';

/** Why a process stops: a signal, or an error that nobody caught. */
export interface StopReason {
  readonly signal?: NodeJS.Signals;
  readonly error?: unknown;
}

interface StopOptions {
  /** Stopping may take this long; the process ends then all the same. */
  readonly limitMs: number;
  /** Is told why stopping failed, before the process ends with code 1. */
  readonly onFailure: (error: unknown) => void;
}

const signals = ['SIGINT', 'SIGTERM'] as const;
/** Exit code that shells give to a program that Ctrl-C ended. */
export const interruptedExitCode = 130;

/** Listens for the first Ctrl-C or SIGTERM, so that things end in order; the second one ends the process at once. */
export function catchInterrupt(): { readonly signal: AbortSignal; release(): void } {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(interruptedExitCode);
    interrupt.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: interrupt.signal,
    /** Leaves Ctrl-C and SIGTERM to others. */
    release(): void {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/**
 * Stops a service in order, once, at Ctrl-C, SIGTERM or an error that nobody caught, and then ends the process: with
 * code 0, or 1 after an error or a stop that failed. A second signal or error ends it at once.
 */
export function stopOnInterrupt(stop: (reason: StopReason) => Promise<void>, options: StopOptions): void {
  let isStopping = false;
  const begin = (reason: StopReason) => {
    if (isStopping) process.exit(reason.signal === undefined ? 1 : interruptedExitCode);
    isStopping = true;
    within(options.limitMs, () => stop(reason)).then(
      () => process.exit('error' in reason ? 1 : 0),
      (error: unknown) => {
        options.onFailure(error);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, () => begin({ signal }));
  // Node reports a rejection that nobody handles here as well.
  process.on('uncaughtException', (error) => begin({ error }));
}
