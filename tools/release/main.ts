import { CommanderError } from 'commander';
import { createCommandLine } from './command-line.ts';

/** Runs one command line of `npm run release` and resolves with its exit code: 0 done, 1 not, 2 wrong command line. */
async function main(args: readonly string[]): Promise<number> {
  try {
    await createCommandLine().parseAsync(args.length === 0 ? ['help'] : [...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    console.error(`release: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
