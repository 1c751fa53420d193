import { expect, Warning } from './checks.ts';
import type { Keda } from './cluster.ts';
import { condition, isAtLeast, namesOf, type Objects, ofKind, placeOf, unready } from './objects.ts';
import { type Room, spelled } from './room.ts';
import { kedaOldest, kedaVersion } from './tables.ts';

/** The checks of `doctor` and `test` on what a cluster answered: each gives what is well and throws what is not. */

export function judgeNodes(nodes: Objects): string {
  const bad = nodes.flatMap((node) => {
    const short = ['DiskPressure', 'MemoryPressure'].filter((type) => condition(node, type) === 'True');
    return [...(condition(node, 'Ready') === 'True' ? [] : ['not Ready']), ...short].map(
      (trouble) => `${node.metadata.name}: ${trouble}`,
    );
  });
  const found = bad.join(', ') || `${nodes.length} ready`;
  return expect(nodes.length > 0 && bad.length === 0, found, 'kubectl describe node says why');
}

export function judgeRoom(needed: Room, free: Room): string {
  const found = `${spelled(needed)} asked for, ${spelled(free)} free`;
  const remedy = 'add a node or remove something: kubectl describe nodes shows what asks for how much';
  return expect(free.cpu >= needed.cpu && free.memory >= needed.memory, found, remedy);
}

/** Looks for the storage classes that claims of the manifests name, or else for a default one. */
export function judgeStorage(manifests: Objects, classes: Objects): string {
  const key = 'storageclass.kubernetes.io/is-default-class';
  const standard = classes.find(({ metadata }) => metadata.annotations?.[key] === 'true')?.metadata.name;
  const claims = manifests.flatMap(({ spec }) => spec?.volumeClaimTemplates ?? []);
  const wanted = new Set(claims.map(({ spec }) => spec.storageClassName ?? standard ?? 'a default class'));
  const missing = [...wanted].filter((name) => !namesOf(classes).includes(name));
  const found = missing.length > 0 ? `missing: ${missing.join(', ')}` : [...wanted].join(', ');
  return expect(missing.length === 0, found, 'install it, or use another of k8s/components/storage');
}

export function judgeIngress(manifests: Objects, classes: Objects): string | undefined {
  if (ofKind(manifests, 'Ingress').length === 0) return undefined;
  const remedy = 'install an ingress controller, or drop the component ingress';
  return expect(classes.length > 0, namesOf(classes).join(', ') || 'no IngressClass', remedy);
}

const operators: Readonly<Record<string, string>> = {
  Certificate: 'cert-manager: https://cert-manager.io/docs/installation',
  ExternalSecret: 'the External Secrets Operator: https://external-secrets.io',
  SealedSecret: 'Sealed Secrets: https://github.com/bitnami-labs/sealed-secrets',
};

/** Looks for the kinds of operators that the manifests use in `kubectl api-resources`, whose lines end with a kind. */
export function judgeOperators(manifests: Objects, resources: string): string | undefined {
  const known = resources.split('\n').map((line) => line.split(/\s+/).at(-1));
  const used = Object.keys(operators).filter((kind) => ofKind(manifests, kind).length > 0);
  const missing = used.filter((kind) => !known.includes(kind));
  if (used.length === 0) return undefined;
  const found = missing.length > 0 ? `the cluster has no kind ${missing.join(', ')}` : used.join(', ');
  return expect(
    missing.length === 0,
    found,
    `install ${missing.map((kind) => operators[kind]).join(' and ')}`,
  );
}

export function judgeKeda({ version, hasDefinitions }: Keda): string {
  const upgrade = `KEDA ${kedaOldest} or newer is needed: upgrade it the way it was installed`;
  if (version !== undefined) return expect(isAtLeast(version, kedaOldest), version, upgrade);
  if (!hasDefinitions) throw new Warning('not installed', `./stack install brings ${kedaVersion}`);
  return expect(false, 'there are definitions, but no operator runs', 'install KEDA again or remove them');
}

/** A cluster has one service for the metrics of HPAs from outside, and KEDA needs to be it. */
export function judgeExternalMetrics(services: Objects): string | undefined {
  const api = services.find(({ metadata }) => metadata.name === 'v1beta1.external.metrics.k8s.io');
  const { namespace = '', name = '' } = api?.spec?.service ?? {};
  if (name === '') return undefined;
  return expect(
    name.startsWith('keda-'),
    `${namespace}/${name}`,
    'remove this adapter, so that KEDA serves them',
  );
}

/** HPAs on CPU and `kubectl top` need metrics-server; Forescale works without it, so its absence is a warning. */
export function judgeMetricsServer(services: Objects): string {
  const api = services.find(({ metadata }) => metadata.name === 'v1beta1.metrics.k8s.io');
  if (api !== undefined && condition(api, 'Available') === 'True') return 'available';
  const found = 'not available: HPAs on CPU and kubectl top need it, Forescale does not';
  const remedy =
    'microk8s and minikube have an addon; else https://github.com/kubernetes-sigs/metrics-server';
  throw new Warning(found, remedy);
}

/** A Service of type LoadBalancer waits for an address until the cluster has a load balancer. */
export function judgeLoadBalancer(manifests: Objects, services: Objects): string | undefined {
  const balanced = (objects: Objects) =>
    ofKind(objects, 'Service').filter(({ spec }) => spec?.type === 'LoadBalancer');
  if (balanced(manifests).length === 0) return undefined;
  const waiting = balanced(services).filter(
    ({ status }) => (status?.loadBalancer?.ingress ?? []).length === 0,
  );
  const found =
    waiting.length > 0 ? `without an address: ${waiting.map(placeOf).join(', ')}` : 'no Service waits';
  return expect(waiting.length === 0, found, 'give the cluster a load balancer, such as MetalLB');
}

export function judgeWorkloads(workloads: Objects): string {
  const late = unready(workloads);
  const found = late.length > 0 ? `not ready: ${late.join(', ')}` : `${workloads.length} ready`;
  const remedy = './stack deploy brings them; ./stack logs and kubectl describe pod say what they wait for';
  return expect(workloads.length > 0 && late.length === 0, found, remedy);
}

/** Judges ScaledObjects by their conditions, because KEDA also reports a ScaledObject as ready while its fallback is active. */
export function judgeScaledObjects(objects: Objects): string {
  const bad = objects.flatMap((one) => [
    ...(condition(one, 'Ready') === 'True' ? [] : [`${placeOf(one)} is not ready`]),
    ...(condition(one, 'Fallback') === 'True' ? [`${placeOf(one)} is on its fallback`] : []),
  ]);
  const remedy = './stack logs keda and ./stack logs forescale say what the scaler answered';
  return expect(objects.length > 0 && bad.length === 0, bad.join(', ') || `${objects.length} ready`, remedy);
}

/** Reads what Prometheus answers about its targets. */
export function judgeTargets(answer: string): string {
  const { data } = JSON.parse(answer) as { data: { activeTargets: readonly { health: string }[] } };
  const all = data.activeTargets.length;
  const up = data.activeTargets.filter(({ health }) => health === 'up').length;
  return expect(
    up > 0 && up === all,
    `${up} of ${all} targets are up`,
    'its page /targets shows why: ./stack ports',
  );
}
