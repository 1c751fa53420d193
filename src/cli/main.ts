#!/usr/bin/env node
import { catchInterrupt } from '../platform/interrupt.ts';
import { runCli } from './run.ts';

const { signal } = catchInterrupt();
// A reader that goes away (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  isTty: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  terminalSize: () => ({ columns: process.stderr.columns, rows: process.stderr.rows }),
  env: process.env,
  signal,
});
