import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClusterFolder } from './folder.ts';

const run = promisify(execFile);

/**
 * Brings the images of an archive into the containerd of a running cluster. Its socket is a file, which answers outside its
 * namespaces too. `packages` is where containerd is unpacked.
 */
export async function importIntoNode(
  folder: ClusterFolder,
  packages: string,
  archive: string,
  signal?: AbortSignal,
): Promise<void> {
  const ctr = join(packages, 'usr/bin/ctr');
  const args = ['--address', folder.containerdSocket, '--namespace=k8s.io', 'images', 'import', archive];
  await run(ctr, args, { signal });
}
