import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandIo } from '../../src/cli/command-io.ts';
import { everyText, type FlagReading, type FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { someText } from '../../src/platform/setting-values.ts';
import { clusterFolder } from './node/folder.ts';
import { importIntoNode } from './node/import-into-node.ts';
import { installedPrograms, packagesOf } from './programs.ts';

const flags = {
  archives: {
    name: 'archive',
    isArgument: true,
    isRepeatable: true,
    isRequired: true,
    meaning: 'archives of images, as `docker save` writes them',
    ...everyText,
  },
  kubeconfig: {
    value: 'file',
    variable: 'KUBECONFIG',
    meaning: 'kubeconfig of the cluster, as `make cluster` prints it',
    isRequired: true,
    ...someText,
  },
} as const satisfies FlagTable;

async function run(reading: FlagReading<typeof flags>, { env, signal }: CommandIo): Promise<void> {
  const { archives, kubeconfig } = reading.values;
  const folder = clusterFolder(dirname(kubeconfig));
  if (!existsSync(folder.containerdSocket))
    reading.wrong('--kubeconfig', `no cluster of \`make cluster\` is up where ${kubeconfig} is`);
  for (const archive of archives)
    if (!existsSync(archive)) reading.wrong('archive', `there is no file ${archive}`);
  reading.check();
  const { containerd } = await installedPrograms(env);
  for (const archive of archives) await importIntoNode(folder, packagesOf(containerd), archive, signal);
}

await runAlone(
  ownCommand({
    name: 'import-image',
    description: 'import archives of images into the cluster that `make cluster` keeps up',
    flags,
    examples: [
      'KUBECONFIG=/tmp/forescale-cluster-…/kubeconfig node tools/cluster/import-image.ts forescale.tar',
    ],
    act: run,
  }),
);
