import { accountsKey, apiServerArguments } from '../control-plane/api-server.ts';
import { controllerManagerArguments } from '../control-plane/controller-manager.ts';
import { etcdArguments } from '../control-plane/etcd.ts';
import type { ApiUser } from '../control-plane/users.ts';
import { network, nodeName } from '../network.ts';
import type { ClusterFolder } from './folder.ts';

/** A process of the cluster that runs in its namespaces. */
export interface NodeProgram {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /**
   * What answers once it runs: a port of loopback, a socket, or an HTTPS URL with a status of 200. The next program is started then.
   */
  readonly listens?: number | string;
}

/** Programs that `make cluster-tools` brings, and tools of the machine. */
export const builtPrograms = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const),
  ...(['kubelet', 'kube-proxy', 'containerd', 'pause', 'coredns'] as const),
];
export type BuiltPrograms = Readonly<Record<(typeof builtPrograms)[number], string>>;

export interface NodeSettings {
  readonly users: readonly ApiUser[];
  /** Time between two looks of the autoscaler, as `15s`. */
  readonly syncPeriod: string;
}

const etcdPort = 2379;

/** Every process of the cluster in the order in which they start; all but kubectl and what is in images. */
export async function nodePrograms(
  folder: ClusterFolder,
  paths: BuiltPrograms,
  { users, syncPeriod }: NodeSettings,
): Promise<readonly NodeProgram[]> {
  const { inside } = folder;
  const kubeconfig = (name: string) => inside(`${name}.kubeconfig`);
  const clients = (name: string) =>
    ['', 'authentication-', 'authorization-'].map((use) => `--${use}kubeconfig=${kubeconfig(name)}`);
  return [
    { name: 'etcd', path: paths.etcd, args: etcdArguments(inside('etcd'), etcdPort), listens: etcdPort },
    {
      name: 'containerd',
      path: paths.containerd,
      args: ['--config', inside('containerd.toml')],
      listens: folder.containerdSocket,
    },
    {
      name: 'kube-apiserver',
      path: paths['kube-apiserver'],
      // It listens before the rights of the other programs are there.
      listens: `https://127.0.0.1:${network.apiServerPort}/readyz`,
      args: [
        ...(await apiServerArguments(folder.path, {
          etcdUrl: `http://127.0.0.1:${etcdPort}`,
          users,
          authorizationMode: 'Node,RBAC',
          serviceRange: network.services,
          frontProxy: {
            authorityFile: inside('authority.crt'),
            certFile: inside('front-proxy.crt'),
            keyFile: inside('front-proxy.key'),
          },
          exemptNamespaces: ['kube-system'],
        })),
        `--advertise-address=${network.node}`,
        `--secure-port=${network.apiServerPort}`,
        `--tls-cert-file=${inside('api-server.crt')}`,
        `--tls-private-key-file=${inside('api-server.key')}`,
        '--kubelet-preferred-address-types=InternalIP',
        `--kubelet-certificate-authority=${inside('authority.crt')}`,
        `--kubelet-client-certificate=${inside('kubelet-client.crt')}`,
        `--kubelet-client-key=${inside('kubelet-client.key')}`,
        // A node labels itself as it likes; without this it also sees Secrets of pods that are not its own.
        '--enable-admission-plugins=NodeRestriction',
      ],
    },
    {
      name: 'kube-controller-manager',
      path: paths['kube-controller-manager'],
      args: [
        ...controllerManagerArguments(kubeconfig('controller-manager'), { controllers: ['*'], syncPeriod }),
        `--root-ca-file=${inside('authority.crt')}`,
        `--service-account-private-key-file=${inside(accountsKey)}`,
      ],
    },
    {
      name: 'kube-scheduler',
      path: paths['kube-scheduler'],
      args: [...clients('scheduler'), '--bind-address=127.0.0.1', '--leader-elect=false'],
    },
    {
      name: 'kubelet',
      path: paths.kubelet,
      args: [
        `--config=${inside('kubelet.yaml')}`,
        `--kubeconfig=${kubeconfig('kubelet')}`,
        `--root-dir=${inside('kubelet')}`,
        `--cert-dir=${inside('kubelet/pki')}`,
        `--hostname-override=${nodeName}`,
        `--node-ip=${network.node}`,
      ],
    },
    {
      name: 'kube-proxy',
      path: paths['kube-proxy'],
      args: [
        `--kubeconfig=${kubeconfig('proxy')}`,
        `--hostname-override=${nodeName}`,
        '--proxy-mode=iptables',
        '--nodeport-addresses=primary',
        `--cluster-cidr=${network.pods}`,
        // It leaves the kernel's settings for connections alone.
        ...['max-per-core=0', 'min=0', 'tcp-timeout-established=0s', 'tcp-timeout-close-wait=0s'].map(
          (setting) => `--conntrack-${setting}`,
        ),
      ],
    },
  ];
}
