import { once } from 'node:events';
import { catchInterrupt } from '../platform/process/interrupt.ts';
import type { CommandIo } from './command-io.ts';

/** The real process as a command sees it. Ctrl-C and SIGTERM abort its signal. */
export function processIo(): CommandIo {
  const { signal } = catchInterrupt();
  // A reader that goes away (`| head`) is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    isStdoutTty: process.stdout.isTTY === true,
    terminalSize: () => ({ columns: process.stderr.columns, rows: process.stderr.rows }),
    ...(process.stdin.isTTY && process.stderr.isTTY && { enter: () => pressedEnter(signal) }),
    env: process.env,
    signal,
  };
}

/** Resolves at the next line of stdin, or when `signal` is aborted. */
async function pressedEnter(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await once(process.stdin, 'data', { signal }).catch(() => undefined);
  process.stdin.pause();
}
