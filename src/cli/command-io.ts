/** A command's access to the process. It is passed in, so that tests run commands within their own process. */
export interface CommandIo {
  /** Writes to stdout, which carries data only. */
  readonly stdout: (text: string) => void;
  /** Writes progress, warnings and errors for people. */
  readonly stderr: (text: string) => void;
  /** The input that is piped in; process.stdin where it is left out. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Whether stderr is a terminal, where progress is shown. */
  readonly isTty: boolean;
  /** Whether stdout is a terminal, where a person reads. */
  readonly isStdoutTty?: boolean;
  /** Characters and lines of that terminal, now: it may be resized. */
  readonly terminalSize?: () => { readonly columns: number; readonly rows: number };
  /** Resolves when the person at the terminal presses Enter, or ends the command; absent where nobody can. */
  readonly enter?: () => Promise<void>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants to end (Ctrl-C, SIGTERM). */
  readonly signal?: AbortSignal;
}
