import { Command, CommanderError } from 'commander';
import { errorTable, type ForescaleError, toForescaleError } from '../platform/errors.ts';
import { visibleLines } from '../platform/terminal/visible.ts';
import { withoutUserInfos } from '../platform/without-user-info.ts';
import type { CommandIo } from './command-io.ts';

const helpHint = '(add --help for what is possible, with examples)';

/** An empty command line that prints through `io` and throws instead of ending the process. */
export function createProgram(name: string, io: CommandIo): Command {
  return new Command(name)
    .showHelpAfterError(helpHint)
    .configureOutput({
      writeOut: io.stdout,
      writeErr: io.stderr,
      // The value of an option that is misspelt may be an address with a password.
      outputError: (text, write) =>
        write(withoutUserInfos(text.replaceAll(/(unknown option '[^'=]*)=[\s\S]*'/g, "$1=…'"))),
    })
    .exitOverride();
}

/**
 * Parses the arguments and runs the command they name. Resolves with the exit code: 0, 1 (failed), 2 (usage) or 3 (not
 * yet). Prints no stack trace for a user's mistake, nor for an Error of no class of its own where these are for people.
 */
export async function runProgram(
  program: Command,
  args: readonly string[],
  io: CommandIo,
  options: { readonly plainErrors?: 'for people' } = {},
): Promise<0 | 1 | 2 | 3> {
  for (const command of program.commands) {
    command.exitOverride().configureOutput(program.configureOutput()).showHelpAfterError(helpHint);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (io.signal?.aborted === true) {
      io.stderr(`${program.name()}: interrupted\n`);
      return 1;
    }
    if (options.plainErrors === 'for people' && isPlain(thrown)) {
      io.stderr(`${visibleLines(withoutUserInfos(`${program.name()}: ${thrown.message}`))}\n`);
      return 1;
    }
    const error = toForescaleError(thrown);
    // An address with a password may stand anywhere, such as where a file was meant.
    // Some of the words may be those of a source.
    io.stderr(`${visibleLines(withoutUserInfos(describe(program.name(), error)))}\n`);
    return errorTable[error.code].exitCode;
  }
}

function isPlain(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.constructor === Error;
}

/** One line for each wrong value. Only a bug shows where in the code it happened. */
function describe(name: string, error: ForescaleError): string {
  if (error.code === 'internal' && error.cause instanceof Error) {
    return `${name}: internal error, please report it: ${error.cause.stack ?? error.message}`;
  }
  if (error.fieldErrors.length > 1) {
    return [
      `${name}: ${error.fieldErrors.length} errors:`,
      ...error.fieldErrors.map((fault) => `  - ${fault.message}`),
    ].join('\n');
  }
  // A program that is a command says its name in the message.
  const said = `${name}: `;
  return error.message.startsWith(said) ? error.message : said + error.message;
}
