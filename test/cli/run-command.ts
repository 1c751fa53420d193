import { Command } from 'commander';
import type { CommandIo } from '../../src/cli/command-io.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command in process; rejects with what it throws, which main.ts turns into an exit code. */
export async function runCommand(
  add: (program: Command, io: CommandIo) => void,
  args: readonly string[],
  world: Partial<CommandIo> = {},
): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const io: CommandIo = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTty: false,
    env: {},
    ...world,
  };
  const program = new Command().exitOverride().configureOutput({ writeOut: io.stdout, writeErr: io.stderr });
  add(program, io);
  for (const command of program.commands) {
    command.exitOverride().configureOutput(program.configureOutput());
  }
  await program.parseAsync([...args], { from: 'user' });
  return { stdout, stderr };
}
