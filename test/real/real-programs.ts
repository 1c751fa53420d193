import {
  findInstalledProgram,
  findProgram,
  type ProgramName,
  type SlowProgramName,
} from '../../tools/programs/find-program.ts';

/** Why a program cannot be had here; undefined when it can, and then it is there. */
export async function whyMissing(name: Exclude<ProgramName, SlowProgramName>): Promise<string | undefined> {
  return findProgram(name, process.env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** What the name of a test or suite ends with that is skipped for a reason; empty where there is none. */
export function skippedNote(why: string | undefined): string {
  return why === undefined ? '' : ` (skipped: ${why})`;
}

/** Why one of several programs is not here that take too long to build for a test to do it; undefined when all are. */
export async function whyNotInstalled(names: readonly ProgramName[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await findInstalledProgram(name, process.env);
    if ('lacking' in found) return `${found.lacking} was not built; ${found.remedy}`;
  }
  return undefined;
}

/** The path of a program that no test builds. Throws, saying what to do, where it is missing. */
export async function installedPath(name: ProgramName): Promise<string> {
  const found = await findInstalledProgram(name, process.env);
  if ('path' in found) return found.path;
  throw new Error(found.remedy);
}
