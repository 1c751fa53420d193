import { dirname, join } from 'node:path';
import { findInstalledProgram } from '../programs/find-program.ts';
import type { ProgramEnvironment } from '../programs/program.ts';
import { type BuiltPrograms, builtPrograms } from './node/node-programs.ts';

/** Paths of the programs that a cluster consists of. Rejects with an Error that says which was not built. */
export async function installedPrograms(env: ProgramEnvironment): Promise<BuiltPrograms> {
  const paths: Record<string, string> = {};
  for (const name of builtPrograms) {
    const found = await findInstalledProgram(name, env);
    if ('lacking' in found) throw new Error(`${found.lacking} was not built; ${found.remedy}`);
    paths[name] = found.path;
  }
  return paths as BuiltPrograms;
}

/** The folder in which the packages of containerd and of what it needs are unpacked. */
export const packagesOf = (containerd: string): string => join(dirname(containerd), '../..');
