import { Command } from 'commander';
import type { CommandIo } from '../../../src/cli/command-io.ts';
import { commands } from '../../../src/cli/run.ts';
import { ForescaleError } from '../../../src/platform/errors.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Output of a command, which is kept instead of printed. */
export function capturedIo(world: Partial<CommandIo> = {}): { io: CommandIo; written: CommandResult } {
  const written = { stdout: '', stderr: '' };
  const io: CommandIo = {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    isTty: false,
    env: {},
    ...world,
  };
  return { io, written };
}

/** Runs one `forescale` command in process; the first argument is its name. Rejects with what the command throws. */
export function runCommand(args: readonly string[], world: Partial<CommandIo> = {}): Promise<CommandResult> {
  const name = args[0] as keyof typeof commands;
  return runAdded(commands[name].add, args, world);
}

/** What a command writes that ends with an error, and the error. */
export async function runFailing(
  args: readonly string[],
  world: Partial<CommandIo> = {},
): Promise<CommandResult & { readonly error: ForescaleError }> {
  const { io, written } = capturedIo(world);
  try {
    await runCommand(args, { ...world, stdout: io.stdout, stderr: io.stderr });
  } catch (error) {
    if (error instanceof ForescaleError) return { ...written, error };
    throw error;
  }
  throw new Error(`${args.join(' ')} did not fail`);
}

/** Runs the command that `add` declares. Rejects with what it throws, which main.ts turns into an exit code. */
export async function runAdded(
  add: (command: Command, io: CommandIo) => void | Promise<void>,
  [name = '', ...args]: readonly string[],
  world: Partial<CommandIo> = {},
): Promise<CommandResult> {
  const { io, written } = capturedIo(world);
  const program = new Command('forescale').exitOverride();
  program.configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  const command = program.command(name).exitOverride().configureOutput(program.configureOutput());
  await add(command, io);
  await program.parseAsync([name, ...args], { from: 'user' });
  return written;
}
