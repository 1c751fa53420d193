import { oldestMinor } from '../manifests/manifest-schemas.ts';
import { kedaVersion as kedaTag } from '../programs/cluster-programs.ts';

/** Each is an overlay of k8s/overlays. */
export const targets = [
  ...(['k3s', 'microk8s', 'minikube', 'kind', 'local'] as const),
  ...(['dev', 'staging', 'production'] as const),
] as const;
export type Target = (typeof targets)[number];

const localTargets: readonly Target[] = ['k3s', 'microk8s', 'minikube', 'kind', 'local'];

/** Name of the context of the cluster that `make cluster` keeps up, the target `local`. */
export const localContext = 'forescale-local';

/** Whether the nodes of a target run on this machine: the image is imported into them, and they open NodePorts. */
export const isLocal = (target: Target): boolean => localTargets.includes(target);

export const partOf = 'app.kubernetes.io/part-of';
/** The label of every object that `./stack` may change or delete. */
export const ours = `${partOf}=forescale`;

/** The release of k8s/components/keda, without the `v` of its tag. */
export const kedaVersion = kedaTag.slice(1);
/** The dashboards use the metric names that KEDA has since this release, and external triggers know `enableTLS` since then. */
export const kedaOldest = '2.17.0';
/** The oldest Kubernetes whose schemas the manifests are tested against. */
export const kubernetesOldest = `1.${oldestMinor}.0`;

const door = (place: string, port: number, nodePort: number, path = '/') => {
  const [namespace = '', service = ''] = place.split('/');
  return { namespace, service, port, nodePort, path };
};

/** The HTTP ports of the stack. None is a port of compose.yaml, so both can run on one machine. */
export const doors = {
  app: door('telemetry-app/app-a', 8000, 30080),
  'app-metrics': door('telemetry-app/app-a', 8000, 30081, '/metrics'),
  api: door('forescale/forescale', 8080, 30082),
  prometheus: door('monitoring/prometheus', 9090, 30090),
  grafana: door('monitoring/grafana', 3000, 30300),
};
export type DoorName = keyof typeof doors;

/** The secrets that `install` generates and `credentials` prints: each key with what it is for. */
export const secrets = [
  {
    namespace: 'monitoring',
    name: 'grafana-admin',
    keys: { 'admin-user': 'Grafana, user', 'admin-password': 'Grafana, password' },
  },
  { namespace: 'forescale', name: 'forescale-api-token', keys: { token: 'forecasting API, bearer token' } },
] as const;

const named = (namespace: string, name: string) => ({ namespace, label: `app.kubernetes.io/name=${name}` });

/** Where the pods of each component of `logs` are. */
export const components: Readonly<Record<string, { readonly namespace: string; readonly label: string }>> = {
  forescale: named('forescale', 'forescale'),
  'app-a': named('telemetry-app', 'app-a'),
  'app-b': named('telemetry-app', 'app-b'),
  'app-c': named('telemetry-app', 'app-c'),
  prometheus: named('monitoring', 'prometheus'),
  grafana: named('monitoring', 'grafana'),
  load: { namespace: 'telemetry-app', label: 'app.kubernetes.io/component=load' },
  keda: { namespace: 'keda', label: 'app=keda-operator' },
};

/** The scripts of `load`, each with a CronJob of k8s/components/load. */
export const loadScripts = ['week', 'weekday', 'weekend'];
