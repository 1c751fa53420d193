import { join } from 'node:path';
import { network, nodeName } from '../network.ts';
import type { ClusterFolder } from './folder.ts';
import { type KeptPrograms, keepPrograms } from './kept-programs.ts';

/**
 * Makes the namespaces of a cluster and starts its programs in them as soon as the folder says which. `libraries` are folders for the
 * loader, `env` is the environment of the programs. All ends with this process at the latest.
 */
export function keepNode(
  folder: ClusterFolder,
  libraries: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): KeptPrograms {
  const script = (name: string) => join(import.meta.dirname, name);
  const start = [process.execPath, script('inside.ts'), folder.path];
  const init = ['sh', script('init.sh'), folder.path, nodeName, network.node, libraries.join('\n'), ...start];
  return keepPrograms(folder.path, init, env);
}
