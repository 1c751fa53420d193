import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../../../tools/cluster/kubectl.ts';
import { localImage } from '../../../tools/stack/objects.ts';
import { type Manifest, parseManifests } from '../../k8s/manifest.ts';
import { installedPath } from '../../real/real-programs.ts';
import { apply } from '../../real/server-dry-run.ts';
import { linkStack } from '../../stack/linked-stack.ts';
import { compressed, isApp } from './compressed.ts';
import { rolledOut } from './rollouts.ts';
import { names } from './scaled-objects.ts';
import { idleWorkload, twinOf } from './workloads.ts';

/** Deploys the showcase into a cluster. Nothing scales yet. */
export interface Showcase {
  /** Runs a command line of `./stack`; rejects with what it said where it fails. */
  stack(args: string): Promise<string>;
  /** Everything that `./stack` brings once, by `./stack` itself: KEDA, namespaces, secrets. */
  install(): Promise<void>;
  /** The manifests of `./stack deploy` in compressed time, the twin, and two small workloads; resolves when all of it runs. */
  deploy(): Promise<readonly Manifest[]>;
  /** Removes what was written on this machine. */
  remove(): void;
}

/** The name of the cluster's context, by which `./stack` knows it for one on this machine. */
export const context = 'kind-forescale';
const target = `--target kind --context ${context} --yes`;
/** Given by name, because it is on the node already: `./stack` would build and import it otherwise. */
const image = `docker.io/library/${localImage}`;

export async function openShowcase(kubectl: Kubectl, kubeconfig: string): Promise<Showcase> {
  const linked = linkStack();
  symlinkSync(await installedPath('kubectl'), join(linked.folder, 'bin/kubectl'));

  async function stack(args: string): Promise<string> {
    const { code, stdout, stderr } = await linked.run(`${args} ${target}`, kubeconfig);
    if (code !== 0) throw new Error(`./stack ${args}: exit code ${code}: ${stderr}`);
    return stdout;
  }

  return {
    stack,
    install: async () => void (await stack('install')),
    async deploy() {
      const printed = parseManifests(await stack(`deploy --dry-run --image ${image}`));
      const manifests = compressed(printed).filter(({ kind }) => kind !== 'ScaledObject');
      const appA = manifests.filter(isApp).find(({ metadata }) => metadata.name === names.ours);
      if (appA === undefined) throw new Error('./stack deploys no app-a');
      const small = [names.steady, names.nightly].map((name) => idleWorkload(appA, name));
      const all = [...manifests, ...twinOf(appA), ...small];
      await apply(kubectl, all);
      for (const { kind, metadata } of all.filter(({ kind }) => /^(Deployment|StatefulSet)$/.test(kind))) {
        const workload = `${kind.toLowerCase()}/${metadata.name}`;
        await rolledOut(kubectl, workload, metadata.namespace ?? '');
      }
      return all;
    },
    remove: () => rmSync(linked.folder, { recursive: true, force: true }),
  };
}
