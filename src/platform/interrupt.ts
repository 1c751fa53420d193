/** The user's wish to end, by Ctrl-C or SIGTERM. */
export interface Interrupt {
  /** Aborted at the first one. */
  readonly signal: AbortSignal;
  /** Leaves Ctrl-C and SIGTERM to others. */
  release(): void;
}

const signals = ['SIGINT', 'SIGTERM'] as const;
/** What shells give for a program that Ctrl-C ended. */
export const interruptedExitCode = 130;

/** Listens for the first Ctrl-C or SIGTERM, so that things end in order; the second time the user means it. */
export function catchInterrupt(): Interrupt {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(interruptedExitCode);
    interrupt.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: interrupt.signal,
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
