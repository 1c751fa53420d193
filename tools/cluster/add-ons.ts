import { network } from './network.ts';

/** The API server may ask the kubelet for logs, and open a shell or a port in a pod. */
export const kubeletAccess = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'kubelet-client' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:kubelet-api-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'kubelet-client' }],
};

const dns = { name: 'coredns', namespace: 'kube-system' };
/** By this label the NetworkPolicies of most manifests know it, ours too. */
const labels = { 'k8s-app': 'kube-dns' };

/** Names outside the cluster do not exist, which is said at once: nothing outside could be reached. */
const corefile = `${network.domain}:53 in-addr.arpa:53 ip6.arpa:53 {
  errors
  kubernetes ${network.domain} in-addr.arpa ip6.arpa {
    pods insecure
  }
  prometheus :9153
  cache 5
}
.:53 {
  errors
  health
  ready
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;

/** CoreDNS as kubeadm installs it, one pod of an image that has been imported. */
export function clusterDns(image: string): readonly object[] {
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
  ];
  const probe = (path: string, port: number) => ({
    httpGet: { path, port },
    periodSeconds: 1,
    failureThreshold: 60,
  });
  const container = {
    name: 'coredns',
    image,
    imagePullPolicy: 'IfNotPresent',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
    resources: { requests: { cpu: '50m', memory: '50Mi' }, limits: { memory: '170Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    readinessProbe: probe('/ready', 8181),
    livenessProbe: probe('/health', 8080),
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };

  const read = (apiGroup: string, ...resources: string[]) => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ['list', 'watch'],
  });
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: dns },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: dns, data: { Corefile: corefile } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [read('', 'services', 'pods', 'namespaces'), read('discovery.k8s.io', 'endpointslices')],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', ...dns }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: dns.namespace, labels },
      spec: { selector: labels, clusterIP: network.dns, ports },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...dns, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: dns.name,
            priorityClassName: 'system-cluster-critical',
            dnsPolicy: 'Default',
            containers: [container],
            volumes: [{ name: 'config', configMap: { name: dns.name } }],
          },
        },
      },
    },
  ];
}
