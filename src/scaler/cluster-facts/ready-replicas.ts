import type { ClusterQuestion } from './cluster-metrics.ts';
import type { ScaleTarget } from './hpas.ts';

/** The metric of ready replicas by kind of object, and the label that names the object. */
const metricsByKind = new Map([
  ['Deployment', { metric: 'kube_deployment_status_replicas_ready', label: 'deployment' }],
  ['StatefulSet', { metric: 'kube_statefulset_status_replicas_ready', label: 'statefulset' }],
  ['ReplicaSet', { metric: 'kube_replicaset_status_ready_replicas', label: 'replicaset' }],
]);

/** Ready replicas of the objects of the kinds that are asked for, by `targetKey`. Other kinds have no metric of them. */
export async function readReadyReplicas(
  { metrics, selector, ...at }: ClusterQuestion,
  kinds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const ready = new Map<string, number>();
  for (const kind of kinds) {
    const known = metricsByKind.get(kind);
    if (known === undefined) continue;
    const { metric, label } = known;
    const query = `max by (namespace, ${label}) (${metric}{${selector}})`;
    for (const { labels, value } of await metrics.vector({ query, ...at })) {
      const target = { namespace: labels['namespace'] ?? '', kind, name: labels[label] ?? '' };
      if (value >= 0) ready.set(targetKey(target), value);
    }
  }
  return ready;
}

/** Identifies the object that an HPA scales. */
export function targetKey({ namespace, kind, name }: ScaleTarget): string {
  return `${namespace}/${kind}/${name}`;
}
