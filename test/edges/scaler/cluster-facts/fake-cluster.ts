import type { ClusterMetrics, MetricSeries } from '../../../../src/scaler/cluster-facts/cluster-metrics.ts';

/** One HPA of the namespace `shop` as a fake Prometheus tells of it. */
interface FakeHpa {
  readonly name: string;
  readonly deployment: string;
  readonly current: number;
  readonly ready: number;
  readonly toleranceUp?: number;
}

/** A fake Prometheus with kube-state-metrics: it knows the metrics that are asked for by their names. */
export interface FakeCluster extends ClusterMetrics {
  readonly queries: string[];
  hpas: readonly FakeHpa[];
  /** Pods that became ready: their created and ready times, unix seconds. */
  starts: readonly { readonly pod: string; readonly created: number; readonly ready: number }[];
  /** What every query is rejected with; undefined = none is. */
  failure: Error | undefined;
}

export function fakeCluster(): FakeCluster {
  const cluster: FakeCluster = {
    name: 'fake',
    queries: [],
    hpas: [],
    starts: [],
    failure: undefined,
    async vector({ query, atSeconds }) {
      cluster.queries.push(query);
      if (cluster.failure !== undefined) throw cluster.failure;
      return answers(cluster, atSeconds).find(([isAsked]) => isAsked.test(query))?.[1]() ?? [];
    },
  };
  return cluster;
}

function answers(
  { hpas, starts }: FakeCluster,
  atSeconds: number,
): readonly (readonly [RegExp, () => MetricSeries[]])[] {
  const ofHpas = (valueIn: (hpa: FakeHpa) => number | undefined, labelsOf = (_: FakeHpa) => ({})) =>
    hpas.flatMap((hpa): MetricSeries[] => {
      const value = valueIn(hpa);
      const labels = { namespace: 'shop', horizontalpodautoscaler: hpa.name, ...labelsOf(hpa) };
      return value === undefined ? [] : [{ labels, value }];
    });
  const ofPods = (valueIn: (start: FakeCluster['starts'][number]) => number, labels = {}) =>
    starts.map((start) => ({
      labels: { namespace: 'shop', pod: start.pod, uid: start.pod, ...labels },
      value: valueIn(start),
    }));
  return [
    [
      /autoscaler_info/,
      () =>
        ofHpas(
          () => 1,
          ({ deployment }) => ({ scaletargetref_kind: 'Deployment', scaletargetref_name: deployment }),
        ),
    ],
    [/timestamp\(kube_horizontalpodautoscaler/, () => ofHpas(() => atSeconds - 20)],
    [/autoscaler_status_(current|desired)_replicas/, () => ofHpas(({ current }) => current)],
    [/autoscaler_spec_max_replicas/, () => ofHpas(() => 30)],
    [/scale_up_tolerance/, () => ofHpas(({ toleranceUp }) => toleranceUp)],
    [
      /kube_deployment_status_replicas_ready/,
      () =>
        hpas.map(({ deployment, ready }) => ({ labels: { namespace: 'shop', deployment }, value: ready })),
    ],
    [/kube_pod_status_ready_time/, () => ofPods(({ ready }) => ready)],
    [/kube_pod_owner/, () => ofPods(() => 1, { owner_kind: 'ReplicaSet', owner_name: 'frontend-abc' })],
    [/kube_pod_created/, () => ofPods(({ created }) => created)],
  ];
}
