import { podPrograms } from './pod-programs.ts';
import type { Program } from './program.ts';

/** Releases that `kubernetes/go.mod` pins; test/repository compares the two. */
export const kubernetesVersion = 'v1.36.3';
export const etcdVersion = 'v3.6.8';
/** Release of KEDA that documents and manifests install. */
export const kedaVersion = 'v2.20.2';
/** Further releases that test/real/keda.test.ts plays where they were built. */
export const otherKedaVersions = { '2.21': 'v2.21.0' } as const;

const pinnedIn = new URL('kubernetes/', import.meta.url);
const [major, minor] = kubernetesVersion.slice(1).split('.');

const kubernetes = (name: string, versionArgs: readonly string[]) =>
  ({
    names: [name],
    source: {
      kind: 'go',
      module: {
        path: 'k8s.io/kubernetes',
        version: kubernetesVersion,
        package: `cmd/${name}`,
        // Without this the program calls itself v0.0.0-master, and clients refuse it or warn.
        stamps: [`gitVersion=${kubernetesVersion}`, `gitMajor=${major}`, `gitMinor=${minor}`].map(
          (stamp) => `k8s.io/component-base/version.${stamp}`,
        ),
        pinnedIn,
      },
    },
    accepts: { args: versionArgs, prints: new RegExp(`\\bv${major}\\.${minor}\\.`) },
    install: `Go 1.26 or newer and run \`make cluster-tools\`, or ${name} ${kubernetesVersion} itself,`,
  }) as const satisfies Program;

const keda = (name: string, version: string, folder: 'operator' | 'adapter' | 'webhooks') =>
  ({
    names: [name],
    source: {
      kind: 'go',
      module: {
        path: 'github.com/kedacore/keda/v2',
        version,
        package: `cmd/${folder}`,
        stamps: [`github.com/kedacore/keda/v2/version.Version=${version.slice(1)}`],
      },
    },
    install: `Go 1.26 or newer and run \`make cluster-tools\`, or ${name} ${version} itself,`,
  }) as const satisfies Program;

/**
 * Programs of a Kubernetes control plane, of a node, of the KEDA that runs on them, and of other pods. Most take minutes to build,
 * so tests only look whether they are there ({@link findInstalledProgram}); `make cluster-tools` builds them.
 */
export const clusterPrograms = {
  etcd: {
    names: ['etcd'],
    source: {
      kind: 'go',
      module: { path: 'go.etcd.io/etcd/server/v3', version: etcdVersion, pinnedIn },
    },
    accepts: { args: ['--version'], prints: /^etcd Version: 3\.[56]\./m },
    install: `Go 1.26 or newer and run \`make cluster-tools\`, or etcd ${etcdVersion} itself,`,
  },
  'kube-apiserver': kubernetes('kube-apiserver', ['--version']),
  'kube-controller-manager': kubernetes('kube-controller-manager', ['--version']),
  kubectl: kubernetes('kubectl', ['version', '--client']),
  'kube-scheduler': kubernetes('kube-scheduler', ['--version']),
  kubelet: kubernetes('kubelet', ['--version']),
  'kube-proxy': kubernetes('kube-proxy', ['--version']),
  containerd: {
    names: ['containerd'],
    // Unpacked into one folder, in which tools/cluster finds ctr, runc, the network plugins and iptables.
    source: {
      kind: 'debian',
      package: 'containerd',
      libraries: [
        ...['runc', 'libseccomp2', 'containernetworking-plugins'],
        ...['iptables', 'libip4tc2', 'libip6tc2', 'libxtables12', 'libmnl0'],
        ...['libnetfilter-conntrack3', 'libnfnetlink0', 'libnftnl11'],
      ],
    },
    onlyFetched: true,
    install: 'run `make cluster-tools` where apt-get can download the packages of Debian or Ubuntu',
  },
  'docker-engine': {
    names: ['docker'],
    // Unpacked into one folder, in which test/cluster/compose finds dockerd and what dockerd starts.
    source: {
      kind: 'debian',
      package: 'docker.io',
      libraries: [
        ...['containerd', 'runc', 'tini', 'libseccomp2', 'libdevmapper1.02.1', 'iptables', 'libip4tc2'],
        ...['libip6tc2', 'libxtables12', 'libmnl0', 'libnetfilter-conntrack3', 'libnfnetlink0', 'libnftnl11'],
      ],
    },
    onlyFetched: true,
    install: 'run `make cluster-tools` where apt-get can download the packages of Debian or Ubuntu',
  },
  'keda-operator': keda('keda-operator', kedaVersion, 'operator'),
  'keda-adapter': keda('keda-adapter', kedaVersion, 'adapter'),
  'keda-webhooks': keda('keda-webhooks', kedaVersion, 'webhooks'),
  ...podPrograms,
  'keda-operator-2.21': keda('keda-operator-2.21', otherKedaVersions['2.21'], 'operator'),
  'keda-adapter-2.21': keda('keda-adapter-2.21', otherKedaVersions['2.21'], 'adapter'),
} as const satisfies Record<string, Program>;
