import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { clusterFolder } from './node/folder.ts';
import { importIntoNode } from './node/import-into-node.ts';
import { installedPrograms, packagesOf } from './programs.ts';

/** Imports the archives that are named into the cluster that KUBECONFIG leads to, where `make cluster` keeps that up. */
const folder = clusterFolder(dirname(process.env['KUBECONFIG'] ?? ''));
const archives = process.argv.slice(2);
if (archives.length === 0 || !existsSync(folder.containerdSocket)) {
  console.error(
    'usage: KUBECONFIG=(as `make cluster` prints it) node tools/cluster/import-image.ts ARCHIVE…',
  );
  process.exit(2);
}
try {
  const { containerd } = await installedPrograms(process.env);
  for (const archive of archives) await importIntoNode(folder, packagesOf(containerd), archive);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
