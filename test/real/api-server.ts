import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findInstalledProgram, type ProgramName } from '../../src/demo/programs/find-program.ts';
import { type RunningProgram, startServerProcess } from '../../src/demo/programs/server-process.ts';
import { openTemporaryFolder } from '../../src/platform/temporary-folder.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';

export interface ApiServer {
  readonly url: string;
  /** Talks to it as an administrator. */
  readonly kubectl: Kubectl;
  /** An administrator's, for programs that want a file. */
  readonly kubeconfig: string;
  /** Ends both processes and removes what they wrote; safe to call twice. */
  stop(): Promise<void>;
}

/** What it takes: see `make cluster-tools`. */
export const apiServerPrograms = ['etcd', 'kube-apiserver', 'kubectl'] as const satisfies ProgramName[];

/** Five seconds alone on two cores; a machine that runs other tests beside it may need many times that. */
const readyTimeoutMs = 120_000;

/**
 * A Kubernetes API server of one's own: etcd and kube-apiserver on free loopback ports, authentication by token, RBAC on,
 * every default admission plugin on, and Pod Security `restricted` where a namespace does not say otherwise. There are no
 * controllers and no nodes, so what is applied stays as it is.
 */
export async function startApiServer(): Promise<ApiServer> {
  const { path: folder, remove } = await openTemporaryFolder('forescale-cluster');
  const started: RunningProgram[] = [];
  async function end(): Promise<void> {
    for (const program of started.reverse()) await program.stop();
    await remove();
  }
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= end());
  try {
    const etcd = await startEtcd();
    started.push(etcd);
    const token = randomBytes(32).toString('hex');
    const server = await startKubeApiServer(etcd.url, folder, token);
    started.push(server);
    const kubeconfig = join(folder, 'kubeconfig');
    const authority = await readFile(authorityFile(folder));
    await writeFile(kubeconfig, kubeconfigFor(server.url, authority, token), { mode: 0o600 });
    const kubectl = createKubectl(await installed('kubectl'), kubeconfig, folder);
    return { url: server.url, kubectl, kubeconfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(): Promise<RunningProgram> {
  return startServerProcess({
    name: 'etcd',
    path: await installed('etcd'),
    readyPath: '/health',
    readyTimeoutMs,
    args: (port, dataFolder) => [
      `--data-dir=${join(dataFolder, 'data')}`,
      `--listen-client-urls=http://127.0.0.1:${port}`,
      `--advertise-client-urls=http://127.0.0.1:${port}`,
      // It has no peers, and must listen for them.
      '--listen-peer-urls=http://127.0.0.1:0',
      '--log-level=error',
      // What it holds is thrown away.
      '--unsafe-no-fsync',
    ],
  });
}

/** Writes itself a certificate, and the authority's, into one file. */
const authorityFile = (folder: string) => join(folder, 'apiserver.crt');

async function startKubeApiServer(etcdUrl: string, folder: string, token: string): Promise<RunningProgram> {
  const file = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const args = [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${folder}`,
    // Nobody is to find it from elsewhere, and Kubernetes takes no loopback address for an endpoint.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${await file('tokens.csv', `${token},admin,admin,system:masters\n`)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${await file('accounts.key', privateKey)}`,
    `--service-account-key-file=${await file('accounts.pub', publicKey)}`,
    `--admission-control-config-file=${await file('admission.json', JSON.stringify(admission))}`,
    '--profiling=false',
  ];
  return startServerProcess({
    name: 'kube-apiserver',
    path: await installed('kube-apiserver'),
    readyPath: '/readyz',
    readyTimeoutMs,
    authorityFile: () => authorityFile(folder),
    args: (port) => [...args, `--secure-port=${port}`],
  });
}

/** A workload is told of each rule it breaks, and a Pod is refused, in every namespace that says nothing of its own. */
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

/** JSON, which is YAML. */
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

/** Its path; throws, saying what to do, where it is not there. */
async function installed(name: ProgramName): Promise<string> {
  const found = await findInstalledProgram(name, process.env);
  if ('path' in found) return found.path;
  throw new Error(found.remedy);
}
