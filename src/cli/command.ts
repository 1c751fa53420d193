import type { Command } from 'commander';
import type { CommandIo } from './command-io.ts';
import { addFlags, type FlagReading, type FlagTable, readFlags, textsOf } from './flags.ts';

/** Declaration of a command: its flags and the texts of `--help`. */
export interface Declaration<T extends FlagTable> {
  readonly flags: T;
  /** Explanations and examples that `--help` shows after the flags. */
  readonly help: string;
  /** Makes the sentence about a text that is not allowed, in place of the usual one. */
  readonly notAllowed?: (name: string, text: string, allowed: string) => string;
}

/** The function that runs a command with its flags. */
export type Action<T extends FlagTable> = (flags: FlagReading<T>, io: CommandIo) => Promise<void>;

/** One command of the command line, loaded only when it is named. */
export interface CommandEntry {
  /** The line of `forescale --help`. */
  readonly summary: string;
  /** Declares the flags to commander; what the command does is loaded when it runs. */
  add(command: Command, io: CommandIo): Promise<void>;
}

/** A command of a declaration and an action, each in a module of its own that is loaded when it is needed. */
export function defineCommand<T extends FlagTable>(entry: {
  readonly summary: string;
  readonly declare: () => Promise<Declaration<T>>;
  readonly act: () => Promise<Action<T>>;
}): CommandEntry {
  return {
    summary: entry.summary,
    async add(command, io) {
      const { flags, help, ...options } = await entry.declare();
      addFlags(command, flags)
        .addHelpText('after', help)
        .action(async () => {
          const act = await entry.act();
          await act(readFlags(command.name(), flags, textsOf(command), { env: io.env, ...options }), io);
        });
    },
  };
}
