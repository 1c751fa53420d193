/** The network that each cluster has for itself: no machine and no other cluster is in it, so all have the same addresses. */
export const network = {
  /** Address of the node, which the API server and NodePorts listen on. */
  node: '10.243.0.1',
  apiServerPort: 6443,
  pods: '10.244.0.0/24',
  services: '10.96.0.0/16',
  /** Address of the Service `kubernetes`. */
  apiServer: '10.96.0.1',
  /** Address of the Service `kube-dns`. */
  dns: '10.96.0.10',
  domain: 'cluster.local',
} as const;

export const nodeName = 'node-1';
