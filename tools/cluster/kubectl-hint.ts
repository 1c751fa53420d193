import { dirname } from 'node:path';
import { findInstalledProgram } from '../programs/find-program.ts';
import type { ProgramEnvironment } from '../programs/program.ts';

/** The command that puts the kubectl that was built on PATH, for a machine that has none; undefined where one is there. */
export async function kubectlHint(env: ProgramEnvironment): Promise<string | undefined> {
  const found = await findInstalledProgram('kubectl', env);
  if ('lacking' in found || found.from === 'path') return undefined;
  return `export PATH=${dirname(found.path)}:$PATH`;
}
