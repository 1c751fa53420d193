import { dirname } from 'node:path';
import { kubernetesVersion } from '../programs/cluster-programs.ts';
import { findInstalledProgram } from '../programs/find-program.ts';
import type { ProgramEnvironment } from '../programs/program.ts';

/**
 * The command that puts the kubectl that was built on PATH, for a machine that has none of its release; undefined where one is there.
 * The reason is a comment of the shell, so that the line can be pasted.
 */
export async function kubectlHint(env: ProgramEnvironment): Promise<string | undefined> {
  const found = await findInstalledProgram('kubectl', env);
  if ('lacking' in found || found.from === 'path') return undefined;
  return `export PATH=${dirname(found.path)}:$PATH   # kubectl ${kubernetesVersion}, which this machine lacks`;
}
