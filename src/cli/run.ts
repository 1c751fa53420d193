import { Command, CommanderError } from 'commander';
import { errorTable, type ForescaleError, toForescaleError } from '../platform/errors.ts';
import { version } from '../platform/version.ts';
import type { CommandIo } from './command-io.ts';
import { addBacktestCommand } from './commands/backtest.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addKedaSimCommand } from './commands/keda-sim.ts';
import { addSeedCommand } from './commands/seed.ts';
import { addServeCommand } from './commands/serve.ts';

/** Every command, in the order `--help` shows them. Adding one is a file and a line. */
const commands = [
  addServeCommand,
  addForecastCommand,
  addExplainCommand,
  addBacktestCommand,
  addBenchCommand,
  addSeedCommand,
  addKedaSimCommand,
  addDemoCommand,
] satisfies ((program: Command, io: CommandIo) => void)[];

/** Runs one command line; resolves with its exit code: 0, 1 (failed) or 2 (usage). Never prints a stack trace for a user's mistake. */
export async function runCli(args: readonly string[], io: CommandIo): Promise<0 | 1 | 2> {
  const program = new Command('forescale')
    .description('Predictive autoscaling for KEDA: has the capacity there before the load')
    .version(version)
    .showHelpAfterError('(add --help for what is possible, with examples)')
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  for (const add of commands) add(program, io);
  for (const command of program.commands) {
    command
      .exitOverride()
      .configureOutput(program.configureOutput())
      .showHelpAfterError('(add --help for what is possible, with examples)');
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (io.signal?.aborted === true) {
      io.stderr('forescale: interrupted\n');
      return 1;
    }
    const error = toForescaleError(thrown);
    io.stderr(`${describe(error)}\n`);
    return errorTable[error.code].exitCode;
  }
}

/** One line a fault. A bug, and only a bug, shows where it happened. */
function describe(error: ForescaleError): string {
  if (error.code === 'internal' && error.cause instanceof Error) {
    return `forescale: internal error, please report it: ${error.cause.stack ?? error.message}`;
  }
  if (error.faults.length > 1) {
    return [
      `forescale: ${error.faults.length} faults:`,
      ...error.faults.map((fault) => `  - ${fault.message}`),
    ].join('\n');
  }
  return `forescale: ${error.message}`;
}
