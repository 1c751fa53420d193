import { CommanderError } from 'commander';
import { catchInterrupt, interruptedExitCode } from '../../src/platform/process/interrupt.ts';
import { createCommandLine } from './command-line.ts';

/** Runs one command line of `npm run release` and resolves with its exit code: 0 done, 1 not, 2 wrong command line, 130 Ctrl-C. */
async function main(args: readonly string[]): Promise<number> {
  const { signal } = catchInterrupt();
  try {
    const words = args.length === 0 ? ['help'] : [...args];
    await createCommandLine(signal).parseAsync(words, { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (signal.aborted) return interruptedExitCode;
    console.error(`release: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
