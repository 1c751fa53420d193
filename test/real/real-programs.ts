import { findProgram, type ProgramName } from '../../src/demo/programs/find-program.ts';

/** Why a program cannot be had here, as the name of the tests that are skipped for it; undefined when it can. */
export async function whyMissing(name: ProgramName): Promise<string | undefined> {
  return findProgram(name, process.env).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
