import { interruptedExitCode } from '../platform/process/interrupt.ts';
import { closestName } from '../platform/schema/closest-name.ts';
import { type Action, type CommandEntry, defineCommand } from './command.ts';
import { type FlagReading, type FlagTable, flagName } from './flags.ts';
import { processIo } from './process-io.ts';
import { createProgram, runProgram } from './program.ts';

/** A command that is a program of its own, as those are that build, measure and write this project. */
interface OwnProgram<T extends FlagTable> {
  /** What `--help` and errors call it. */
  readonly name: string;
  /** The first line of `--help`. */
  readonly description: string;
  readonly flags: T;
  /** Paragraphs of `--help` after the flags. */
  readonly notes?: string;
  /** Command lines as people write them. */
  readonly examples: readonly [string, ...string[]];
  /**
   * Does it, with flags that are allowed. An Error of no class of its own is for people: it is shown without a stack. Ctrl-C ends
   * the process at once until `io.signal` is asked for, which those do that must end what they started.
   */
  readonly act: Action<T>;
}

/** A command of a program of its own, which tests run in their process. */
export interface OwnCommand extends CommandEntry {
  readonly name: string;
}

export function ownCommand<T extends FlagTable>({
  name,
  description,
  flags,
  notes,
  examples,
  act,
}: OwnProgram<T>): OwnCommand {
  const explained = notes === undefined ? '' : `\n${notes}\n`;
  const help = `${explained}\nExamples:\n${examples.map((line) => `  ${line}\n`).join('')}`;
  const entry = defineCommand({
    summary: description,
    declare: async () => ({ flags, help }),
    act: async () => async (reading, io) => {
      for (const [tableName, flag] of Object.entries(flags))
        if (flag.isRequired === true && !reading.isGiven(tableName))
          reading.wrong(flagName(tableName, flag), `needed: ${flag.meaning}`);
      reading.check();
      await act(reading, io);
    },
  });
  return { ...entry, name };
}

/** Runs the command with the arguments of the process, and sets its exit code: that of {@link runProgram}, or 130 after Ctrl-C. */
export async function runAlone({ name, summary, add }: OwnCommand): Promise<void> {
  const io = processIo('once asked for');
  const program = createProgram(name, io).description(summary);
  await add(program, io);
  const exitCode = await runProgram(program, process.argv.slice(2), io, { plainErrors: 'for people' });
  process.exitCode = exitCode !== 0 && io.signal?.aborted === true ? interruptedExitCode : exitCode;
}

/** The names that are known of those given to a flag. Each of the others is added to the field errors, with what may be meant. */
export function knownNames<Name extends string>(
  reading: Pick<FlagReading<FlagTable>, 'wrong'>,
  flag: string,
  given: readonly string[],
  known: readonly Name[],
): readonly Name[] {
  return given.flatMap((text) => {
    const found = known.find((name) => name === text);
    if (found !== undefined) return [found];
    const meant = closestName(text, known);
    const remedy = meant === undefined ? '' : `did you mean ${meant}? `;
    reading.wrong(flag, `there is no "${text}"; ${remedy}There are ${known.join(', ')}`);
    return [];
  });
}
