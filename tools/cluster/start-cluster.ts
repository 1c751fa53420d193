import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageArchive } from '../images/image-archive.ts';
import { packageLibraries } from '../programs/package-libraries.ts';
import type { ProgramEnvironment } from '../programs/program.ts';
import { localContext } from '../stack/tables.ts';
import { clusterDns, kubeletAccess } from './add-ons.ts';
import { type ForwardedPort, forwardPort } from './door/forward-port.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import { network } from './network.ts';
import { clusterFolder } from './node/folder.ts';
import { importIntoNode } from './node/import-into-node.ts';
import { keepNode } from './node/keep-node.ts';
import { prepareFolder } from './node/prepare-folder.ts';
import { volumes } from './node/volumes.ts';
import { installedPrograms, packagesOf } from './programs.ts';
import { createReadiness } from './readiness.ts';

/** A Kubernetes cluster of one real node, in namespaces of its own. */
export interface Cluster {
  /** kubectl with the rights of an administrator. */
  readonly kubectl: Kubectl;
  /** File with which an administrator reaches it from outside. */
  readonly kubeconfig: string;
  /** Everything the cluster writes is in here; `log` has what its programs say. */
  readonly folder: string;
  /** Brings the images of an archive to the node, as `docker save` and `buildah push … docker-archive:` write them. */
  importImage(archive: string): Promise<void>;
  /**
   * Opens a port of 127.0.0.1, a free one where none is given, that leads to an address in the cluster's network: of a pod, of a
   * Service, or of the node with a NodePort ({@link nodePort}).
   */
  forward(address: string, port?: number): Promise<ForwardedPort>;
  /** Resolves once all is gone, with what was said last. */
  readonly ended: Promise<string>;
  /** Ends everything and leaves nothing; safe to call twice. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly env: ProgramEnvironment;
  /** Time between two looks of the HorizontalPodAutoscaler (default: that of Kubernetes, `15s`). */
  readonly syncPeriod?: string;
  /** Name of the context in the kubeconfig (default: that of the target `local` of `./stack`). */
  readonly context?: string;
  /** Is told what happens, for a person who waits. */
  readonly onProgress?: (what: string) => void;
  /** Aborting ends the cluster. While it starts, the call rejects then, once nothing is left. */
  readonly signal?: AbortSignal;
}

/** The address at which a NodePort answers, for {@link Cluster.forward}. */
export const nodePort = (port: number): string => `${network.node}:${port}`;

/**
 * Starts a cluster and resolves when its node and its DNS are ready. Needs root and the programs of `make cluster-tools`;
 * {@link whyNoCluster} says what is lacking. It ends with this process, however that ends.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { env, syncPeriod = '15s', context = localContext, onProgress = () => undefined } = options;
  const paths = await installedPrograms(env);
  const packages = packagesOf(paths.containerd);
  const [pause, coredns] = [await imageArchive('pause', env), await imageArchive('coredns', env)];

  const folder = clusterFolder(await mkdtemp(join(tmpdir(), 'forescale-cluster-')));
  const libraries = packageLibraries(packages);
  const programFolders = [folder.inside('bin'), join(packages, 'usr/sbin'), join(packages, 'usr/bin')];
  const node = keepNode(folder, libraries, {
    ...env,
    PATH: [...programFolders, env['PATH']].join(':'),
    XTABLES_LIBDIR: libraries.map((place) => join(place, 'xtables')).join(':'),
  });
  const opened: ForwardedPort[] = [];
  const forward: Cluster['forward'] = async (address, port) => {
    const forwarded = await forwardPort(folder.doorSocket, address, port);
    opened.push(forwarded);
    return forwarded;
  };
  async function stop(): Promise<void> {
    for (const { close } of opened) await close();
    await node.stop();
  }
  const importImage = (archive: string) => importIntoNode(folder, packages, archive);
  options.signal?.addEventListener('abort', () => void node.stop());
  try {
    options.signal?.throwIfAborted();
    const { port } = await forward(nodePort(network.apiServerPort));
    const kubeconfig = await prepareFolder(folder, paths, {
      ...{ context, syncPeriod, packages, pauseImage: pause.image },
      outsideUrl: `https://127.0.0.1:${port}`,
    });
    const kubectl = createKubectl(paths.kubectl, kubeconfig, folder.inside('home'));
    const ready = createReadiness(kubectl, node.ended);
    onProgress(`starting the control plane and the node, whose logs are in ${folder.inside('log')}`);
    await ready.apiServer();
    await ready.apply([kubeletAccess, ...volumes(folder), ...clusterDns(coredns.image)]);
    onProgress('importing images');
    for (const { file } of [pause, coredns]) await importImage(file);
    onProgress('waiting for the node and its DNS');
    await ready.node();
    await ready.rollout('kube-system', 'coredns');
    return { kubectl, kubeconfig, folder: folder.path, importImage, forward, ended: node.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
