/** A Kubernetes object, as loosely as its tools see it. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

/** Does a label selector of the forms a=b and a!=b, separated by commas, match? */
export function matchesLabels(selector: string | undefined, { metadata }: KubernetesObject): boolean {
  return (selector ?? '')
    .split(',')
    .filter((term) => term !== '')
    .every((term) => {
      const [, key = '', operator, value] = /^([^=!]+)(=|!=)(.*)$/.exec(term) ?? [];
      if (operator === undefined) throw new Error(`not understood: ${term}`);
      return (metadata.labels?.[key] === value) === (operator === '=');
    });
}

/** The kinds ./stack asks about, by what it calls them: as `kubectl api-resources` prints them, and short. */
const resources: Readonly<Record<string, string>> = {
  apiservices: 'APIService',
  certificates: 'Certificate',
  clustertriggerauthentications: 'ClusterTriggerAuthentication',
  clusterroles: 'ClusterRole',
  configmaps: 'ConfigMap',
  cronjobs: 'CronJob',
  customresourcedefinitions: 'CustomResourceDefinition',
  daemonsets: 'DaemonSet',
  deployments: 'Deployment',
  horizontalpodautoscalers: 'HorizontalPodAutoscaler',
  ingressclasses: 'IngressClass',
  jobs: 'Job',
  namespaces: 'Namespace',
  nodes: 'Node',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  pods: 'Pod',
  scaledjobs: 'ScaledJob',
  scaledobjects: 'ScaledObject',
  secrets: 'Secret',
  serviceaccounts: 'ServiceAccount',
  services: 'Service',
  statefulsets: 'StatefulSet',
  storageclasses: 'StorageClass',
  triggerauthentications: 'TriggerAuthentication',
};

/** The kind of `deployments`, `deployment`, `cronjob` or `scaledobjects.keda.sh`. */
export function kindOf(resource: string): string {
  const [plain = ''] = resource.toLowerCase().split('.');
  const kind = resources[plain] ?? resources[`${plain}s`] ?? resources[`${plain}es`];
  if (kind === undefined) throw new Error(`no such resource: ${resource}`);
  return kind;
}

const clusterWide = [
  'APIService',
  'ClusterRole',
  'ClusterTriggerAuthentication',
  'CustomResourceDefinition',
  'IngressClass',
  'Namespace',
  'Node',
  'StorageClass',
];

export function isNamespaced(kind: string): boolean {
  return !clusterWide.includes(kind);
}

/** As `kubectl get -o name` prints it. */
export function typedName({ kind, apiVersion = 'v1', metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind.toLowerCase()}${group}/${metadata.name}`;
}

/** Resources that can be listed and deleted, as `kubectl api-resources -o name` prints them. */
export function deletableResources(namespaced: boolean): string {
  const groups: Readonly<Record<string, string>> = {
    CronJob: '.batch',
    DaemonSet: '.apps',
    Deployment: '.apps',
    HorizontalPodAutoscaler: '.autoscaling',
    Job: '.batch',
    StatefulSet: '.apps',
    ScaledObject: '.keda.sh',
    ScaledJob: '.keda.sh',
    TriggerAuthentication: '.keda.sh',
    ClusterTriggerAuthentication: '.keda.sh',
    ClusterRole: '.rbac.authorization.k8s.io',
    CustomResourceDefinition: '.apiextensions.k8s.io',
    APIService: '.apiregistration.k8s.io',
    StorageClass: '.storage.k8s.io',
    IngressClass: '.networking.k8s.io',
    Certificate: '.cert-manager.io',
  };
  return Object.entries(resources)
    .filter(([, kind]) => isNamespaced(kind) === namespaced)
    .map(([name, kind]) => `${name}${groups[kind] ?? ''}\n`)
    .join('');
}
