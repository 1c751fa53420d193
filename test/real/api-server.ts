import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramName } from '../../tools/programs/find-program.ts';
import { type RunningProgram, startServerProcess } from '../../tools/programs/server-process.ts';
import type { CertificateFilePair } from '../support/certificates.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
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
  readonly frontProxy?: { readonly authorityFile: string } & CertificateFilePair;
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
    const tokens = { admin: newToken(), controllerManager: newToken() };
    const { folder, ...server } = await startKubeApiServer(etcd.url, tokens, { frontProxy, audit });
    started.push(server);
    const authority = await readFile(authorityFile(folder));
    const kubeconfig = async (name: string, token: string) => {
      const file = join(folder, `${name}.kubeconfig`);
      await writeFile(file, kubeconfigFor(server.url, authority, token), { mode: 0o600 });
      return file;
    };
    const adminKubeconfig = await kubeconfig('admin', tokens.admin);
    const kubectl = createKubectl(await installedPath('kubectl'), adminKubeconfig, folder);
    return {
      url: server.url,
      kubectl,
      adminKubeconfig,
      controllerManagerKubeconfig: await kubeconfig('controller-manager', tokens.controllerManager),
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
    args: (port, dataFolder) => [
      `--data-dir=${join(dataFolder, 'data')}`,
      `--listen-client-urls=http://127.0.0.1:${port}`,
      `--advertise-client-urls=http://127.0.0.1:${port}`,
      // etcd has no peers here but must have an address to listen for them.
      '--listen-peer-urls=http://127.0.0.1:0',
      '--log-level=error',
      // The data is thrown away at the end.
      '--unsafe-no-fsync',
    ],
  });
}

/** Writes itself a certificate, and the authority's, into one file. */
const authorityFile = (folder: string) => join(folder, 'apiserver.crt');

/** With the folder of its own that keys and tokens are in, which goes with it however we end. */
async function startKubeApiServer(
  etcdUrl: string,
  tokens: Readonly<Record<'admin' | 'controllerManager', string>>,
  {
    frontProxy,
    audit,
  }: { readonly [option in keyof ApiServerOptions]: ApiServerOptions[option] | undefined },
): Promise<RunningProgram & { readonly folder: string }> {
  let folder = '';
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const users = [
    `${tokens.admin},admin,admin,system:masters`,
    `${tokens.controllerManager},system:kube-controller-manager,controller-manager`,
  ];
  const args = async () => [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${folder}`,
    // Nobody is to find it from elsewhere, and Kubernetes takes no loopback address for an endpoint.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    // Of both families, because the chart may ask for either.
    '--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112',
    '--authorization-mode=RBAC',
    `--token-auth-file=${await file('tokens.csv', users.join('\n'))}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${await file('accounts.key', privateKey)}`,
    `--service-account-key-file=${await file('accounts.pub', publicKey)}`,
    `--admission-control-config-file=${await file('admission.json', JSON.stringify(admission))}`,
    '--profiling=false',
    ...(frontProxy === undefined ? [] : aggregation(frontProxy)),
    ...(audit === undefined
      ? []
      : [`--audit-policy-file=${audit.policyFile}`, `--audit-log-path=${audit.logFile}`]),
  ];
  const running = await startServerProcess({
    name: 'kube-apiserver',
    path: await installedPath('kube-apiserver'),
    readyPath: '/readyz',
    readyTimeoutMs,
    authorityFile,
    async args(port, dataFolder) {
      folder = dataFolder;
      return [...(await args()), `--secure-port=${port}`];
    },
  });
  return { ...running, folder };
}

/** How API servers behind it know that a request comes from it, and for whom. */
function aggregation(frontProxy: NonNullable<ApiServerOptions['frontProxy']>): readonly string[] {
  return [
    `--requestheader-client-ca-file=${frontProxy.authorityFile}`,
    `--proxy-client-cert-file=${frontProxy.certFile}`,
    `--proxy-client-key-file=${frontProxy.keyFile}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
  ];
}

const newToken = () => randomBytes(32).toString('hex');

/** In every namespace without settings of its own, a workload gets a warning for each broken rule, and a Pod is refused. */
const admission = {
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AdmissionConfiguration',
  plugins: [
    {
      name: 'PodSecurity',
      configuration: {
        apiVersion: 'pod-security.admission.config.k8s.io/v1',
        kind: 'PodSecurityConfiguration',
        defaults: { enforce: 'restricted', warn: 'restricted', audit: 'restricted' },
      },
    },
  ],
};

/** A kubeconfig as JSON, which is valid YAML. */
function kubeconfigFor(url: string, authority: Buffer, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: url, 'certificate-authority-data': authority.toString('base64') } },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  });
}
