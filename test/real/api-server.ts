import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiServerArguments, type FrontProxy } from '../../tools/cluster/control-plane/api-server.ts';
import { etcdArguments } from '../../tools/cluster/control-plane/etcd.ts';
import { type ApiUser, kubeconfigOf, newUser } from '../../tools/cluster/control-plane/users.ts';
import { createKubectl, type Kubectl } from '../../tools/cluster/kubectl.ts';
import type { ProgramName } from '../../tools/programs/find-program.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import { installedPath } from './real-programs.ts';

export interface ApiServer {
  readonly url: string;
  /** kubectl with the rights of an administrator. */
  readonly kubectl: Kubectl;
  /** A file with which an administrator reaches it. */
  readonly adminKubeconfig: string;
  /** A file with which the controller manager reaches it, with the rights that Kubernetes gives it. */
  readonly controllerManagerKubeconfig: string;
  /** Another, for a ServiceAccount that exists, with the rights it was given. */
  kubeconfigOf(account: { readonly namespace: string; readonly name: string }): Promise<string>;
  /** Ends both processes and removes what they wrote; safe to call twice. */
  stop(): Promise<void>;
}

export interface ApiServerOptions {
  /** Certificate with which the server calls the API servers behind it (default: there are none). */
  readonly frontProxy?: FrontProxy;
  /** Notes the requests that a policy chooses in a log, with the moments of their answers (default: none). */
  readonly audit?: { readonly policyFile: string; readonly logFile: string };
}

/** Programs that the API server needs; `make cluster-tools` builds them. */
export const apiServerPrograms = ['etcd', 'kube-apiserver', 'kubectl'] as const satisfies ProgramName[];

/** Five seconds alone on two cores; a machine that runs other tests beside it may need many times that. */
const readyTimeoutMs = 120_000;

/**
 * A Kubernetes API server of one's own: etcd and kube-apiserver on free loopback ports, authentication by token, RBAC on,
 * every default admission plugin on, and Pod Security `restricted` where a namespace does not say otherwise. There are no
 * controllers and no nodes, so what is applied stays as it is.
 */
export async function startApiServer({ frontProxy, audit }: ApiServerOptions = {}): Promise<ApiServer> {
  const started: RunningProgram[] = [];
  async function end(): Promise<void> {
    for (const program of started.reverse()) await program.stop();
  }
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end());
  try {
    const etcd = await startEtcd();
    started.push(etcd);
    const admin = newUser('admin', 'system:masters');
    const controllerManager = newUser('system:kube-controller-manager');
    const users = [admin, controllerManager];
    const { folder, ...server } = await startKubeApiServer(etcd.url, users, { frontProxy, audit });
    started.push(server);
    const authority = await readFile(authorityFile(folder));
    const kubeconfig = async (name: string, token: string) => {
      const file = join(folder, `${name}.kubeconfig`);
      const text = kubeconfigOf('test', server.url, authority, { name, token });
      await writeFile(file, text, { mode: 0o600 });
      return file;
    };
    const adminKubeconfig = await kubeconfig('admin', admin.token);
    const kubectl = createKubectl(await installedPath('kubectl'), adminKubeconfig, folder);
    return {
      url: server.url,
      kubectl,
      adminKubeconfig,
      controllerManagerKubeconfig: await kubeconfig('controller-manager', controllerManager.token),
      async kubeconfigOf({ namespace, name }) {
        const { stdout, stderr } = await kubectl(['create', 'token', name, `--namespace=${namespace}`]);
        if (stdout === '') throw new Error(`no token for ${namespace}/${name}: ${stderr}`);
        return kubeconfig(`${namespace}-${name}`, stdout.trim());
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(): Promise<RunningProgram> {
  return startServerProcess({
    name: 'etcd',
    path: await installedPath('etcd'),
    readyPath: '/health',
    readyTimeoutMs,
    args: (port, dataFolder) => etcdArguments(join(dataFolder, 'data'), port),
  });
}

/** Writes itself a certificate, and the authority's, into one file. */
const authorityFile = (folder: string) => join(folder, 'apiserver.crt');

/** With the folder of its own that keys and tokens are in, which goes with it however we end. */
async function startKubeApiServer(
  etcdUrl: string,
  users: readonly ApiUser[],
  {
    frontProxy,
    audit,
  }: { readonly [option in keyof ApiServerOptions]: ApiServerOptions[option] | undefined },
): Promise<RunningProgram & { readonly folder: string }> {
  let folder = '';
  const running = await startServerProcess({
    name: 'kube-apiserver',
    path: await installedPath('kube-apiserver'),
    readyPath: '/readyz',
    readyTimeoutMs,
    authorityFile,
    async args(port, dataFolder) {
      folder = dataFolder;
      return [
        // Of both families, because the chart may ask for either.
        ...(await apiServerArguments(folder, {
          ...{ etcdUrl, users, authorizationMode: 'RBAC', frontProxy },
          serviceRange: '10.96.0.0/16,fd00:10:96::/112',
        })),
        ...['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${folder}`],
        // Nobody is to find it from elsewhere, and Kubernetes takes no loopback address for an endpoint.
        ...['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
        ...(audit === undefined
          ? []
          : [`--audit-policy-file=${audit.policyFile}`, `--audit-log-path=${audit.logFile}`]),
      ];
    },
  });
  return { ...running, folder };
}
