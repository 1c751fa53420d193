/** What a command may touch of the world: handed in, so that commands are tested in process. */
export interface CommandIo {
  /** Data, and nothing but data. */
  readonly stdout: (text: string) => void;
  /** Progress, warnings and errors for people. */
  readonly stderr: (text: string) => void;
  /** What is piped in; process.stdin where it is left out. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** A person watches stderr: progress is welcome. */
  readonly isTty: boolean;
  /** Characters and lines of that terminal, now: it may be resized. */
  readonly terminalSize?: () => { readonly columns: number; readonly rows: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user wants to end (Ctrl-C, SIGTERM). */
  readonly signal?: AbortSignal;
}
