import { findInstalledProgram, findProgram, type ProgramName } from '../../tools/programs/find-program.ts';

/** Why a program cannot be had here, as the name of the tests that are skipped for it; undefined when it can. */
export async function whyMissing(name: ProgramName): Promise<string | undefined> {
  return findProgram(name, process.env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** The same for programs that take too long to build for a test to do it: they are there already, or missing. */
export async function whyNotInstalled(names: readonly ProgramName[]): Promise<string | undefined> {
  for (const name of names) {
    const found = await findInstalledProgram(name, process.env);
    if ('lacking' in found) return `${found.lacking} was not built; ${found.remedy}`;
  }
  return undefined;
}

/** The path of such a program; throws, saying what to do, where it is missing. */
export async function installedPath(name: ProgramName): Promise<string> {
  const found = await findInstalledProgram(name, process.env);
  if ('path' in found) return found.path;
  throw new Error(found.remedy);
}
