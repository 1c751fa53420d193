import { once } from 'node:events';
import { catchInterrupt } from '../platform/process/interrupt.ts';
import type { CommandIo } from './command-io.ts';

/**
 * The real process as a command sees it. Ctrl-C and SIGTERM abort its signal, from the start or once the signal was asked for; until
 * then they end the process.
 */
export function processIo(catching: 'from the start' | 'once asked for' = 'from the start'): CommandIo {
  let interrupt: AbortSignal | undefined;
  const caught = () => (interrupt ??= catchInterrupt().signal);
  if (catching === 'from the start') caught();
  // A reader that goes away (`| head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    isStdoutTty: process.stdout.isTTY === true,
    terminalSize: () => ({ columns: process.stderr.columns, rows: process.stderr.rows }),
    ...(process.stdin.isTTY && process.stderr.isTTY && { enter: () => pressedEnter(caught()) }),
    env: process.env,
    get signal() {
      return caught();
    },
  };
}

/** Resolves at the next line of stdin, or when `signal` is aborted. */
async function pressedEnter(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await once(process.stdin, 'data', { signal }).catch(() => undefined);
  process.stdin.pause();
}
