import { join } from 'node:path';
import { network } from '../network.ts';
import type { ClusterFolder } from './folder.ts';

/** Settings of containerd, whose folders are those of one cluster. `programs` is where its Debian packages are unpacked. */
export function containerdSettings(folder: ClusterFolder, programs: string, pauseImage: string): string {
  const text = JSON.stringify;
  return `
version = 2
root = ${text(folder.inside('containerd'))}
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
address = ${text(folder.containerdSocket)}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(pauseImage)}
stream_server_address = "127.0.0.1"
stream_server_port = "0"
# It would load a profile into the kernel of the whole machine.
disable_apparmor = true
# Without CAP_SYS_RESOURCE, as in many virtual machines and containers, runc cannot lower this score and starts nothing.
restrict_oom_score_adj = true
# As containerd 2 and Docker do: the pod's own network has ports below 1024 for everybody.
enable_unprivileged_ports = true
tolerate_missing_hugetlb_controller = true
disable_hugetlb_controller = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${text(join(programs, 'usr/lib/cni'))}
conf_dir = ${text(folder.inside('cni'))}
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = ${text(join(programs, 'usr/sbin/runc'))}
SystemdCgroup = false
`;
}

/** How pods are connected: each by a cable to the node, which routes. A bridge would need a kernel module for Services to work. */
export const podNetwork = JSON.stringify({
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipam: {
        type: 'host-local',
        dataDir: '/run/cni',
        ranges: [[{ subnet: network.pods }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
});

/** Settings of the kubelet, as JSON, which is valid YAML. */
export function kubeletSettings(folder: ClusterFolder): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: folder.inside('authority.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: folder.inside('kubelet.crt'),
    tlsPrivateKeyFile: folder.inside('kubelet.key'),
    containerRuntimeEndpoint: `unix://${folder.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    // Not /kubepods, so that two clusters do not meet, nor one with the kubelet of the machine.
    cgroupRoot: `/${folder.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [network.dns],
    clusterDomain: network.domain,
    // Names outside are of no use where nothing outside can be reached.
    resolvConf: '',
    volumePluginDir: folder.inside('volume-plugins'),
    // What else fills the machine must not cost pods, nor images that cannot be pulled again.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: Object.fromEntries(
      [
        'memory.available',
        'nodefs.available',
        'nodefs.inodesFree',
        'imagefs.available',
        'imagefs.inodesFree',
      ].map((signal) => [signal, '0%']),
    ),
  });
}
