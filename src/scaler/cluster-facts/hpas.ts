import type { ClusterQuestion, MetricSeries } from './cluster-metrics.ts';

/** What an object is called that an HPA scales. */
export interface ScaleTarget {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

/** A HorizontalPodAutoscaler as kube-state-metrics shows it; what it does not show is undefined. */
export interface Hpa {
  readonly name: string;
  readonly target: ScaleTarget;
  /** The ScaledObject that KEDA made it of, where kube-state-metrics exports that label. */
  readonly scaledObject: string | undefined;
  readonly fewest: number | undefined;
  readonly most: number | undefined;
  readonly current: number | undefined;
  readonly desired: number | undefined;
  readonly toleranceUp: number | undefined;
  readonly toleranceDown: number | undefined;
  /** Unix seconds of the sample of `current`. */
  readonly atSeconds: number | undefined;
}

const by = 'namespace, horizontalpodautoscaler';
const value = (metric: string) => (selector: string) =>
  `max by (${by}) (kube_horizontalpodautoscaler_${metric}{${selector}})`;

/**
 * The queries, by what they tell. They aggregate, because a second kube-state-metrics exports every series again. Source:
 * kube-state-metrics docs, horizontalpodautoscaler-metrics.md; the tolerances are there since its pull request 3015.
 */
const queries = {
  target: (selector: string) =>
    `max by (${by}, scaletargetref_kind, scaletargetref_name) (kube_horizontalpodautoscaler_info{${selector}})`,
  scaledObject: (selector: string) =>
    `max by (${by}, label_scaledobject_keda_sh_name) (kube_horizontalpodautoscaler_labels{label_scaledobject_keda_sh_name!="",${selector}})`,
  fewest: value('spec_min_replicas'),
  most: value('spec_max_replicas'),
  current: value('status_current_replicas'),
  desired: value('status_desired_replicas'),
  toleranceUp: value('spec_behavior_scale_up_tolerance'),
  toleranceDown: value('spec_behavior_scale_down_tolerance'),
  atSeconds: (selector: string) =>
    `min by (${by}) (timestamp(kube_horizontalpodautoscaler_status_current_replicas{${selector}}))`,
} as const;

/** Every HPA of some namespaces, with the object that it scales. */
export async function readHpas({ metrics, selector, ...at }: ClusterQuestion): Promise<readonly Hpa[]> {
  const ask = (query: (selector: string) => string) => metrics.vector({ query: query(selector), ...at });
  const targets = await ask(queries.target);
  if (targets.length === 0) return [];
  const numbers = async (query: (selector: string) => string) => byHpa(await ask(query));
  const scaledObjects = new Map(
    (await ask(queries.scaledObject)).map((series) => [
      keyOf(series),
      series.labels['label_scaledobject_keda_sh_name'],
    ]),
  );
  const fewest = await numbers(queries.fewest);
  const most = await numbers(queries.most);
  const current = await numbers(queries.current);
  const desired = await numbers(queries.desired);
  const toleranceUp = await numbers(queries.toleranceUp);
  const toleranceDown = await numbers(queries.toleranceDown);
  const atSeconds = await numbers(queries.atSeconds);
  return targets.map((series) => {
    const key = keyOf(series);
    const { labels } = series;
    return {
      name: labels['horizontalpodautoscaler'] ?? '',
      target: {
        namespace: labels['namespace'] ?? '',
        kind: labels['scaletargetref_kind'] ?? '',
        name: labels['scaletargetref_name'] ?? '',
      },
      scaledObject: scaledObjects.get(key),
      fewest: fewest.get(key),
      most: most.get(key),
      current: current.get(key),
      desired: desired.get(key),
      toleranceUp: toleranceUp.get(key),
      toleranceDown: toleranceDown.get(key),
      atSeconds: atSeconds.get(key),
    };
  });
}

function byHpa(series: readonly MetricSeries[]): ReadonlyMap<string, number> {
  return new Map(series.filter(({ value }) => value >= 0).map((one) => [keyOf(one), one.value]));
}

function keyOf({ labels }: MetricSeries): string {
  return `${labels['namespace']}/${labels['horizontalpodautoscaler']}`;
}

/**
 * Finds the HPA of a ScaledObject: the one that says so by its label, else the one with the name that KEDA gives by default, else,
 * for a workload that is forecast before there is a ScaledObject, one that scales an object of its name.
 * Source: keda controllers/keda/hpa.go, getHPAName and newHPAForScaledObject.
 */
export function hpaFinder(hpas: readonly Hpa[]): (namespace: string, name: string) => Hpa | undefined {
  const byLabel = new Map<string, Hpa>();
  const byName = new Map<string, Hpa>();
  const byTarget = new Map<string, Hpa>();
  for (const hpa of hpas) {
    const { namespace, name } = hpa.target;
    if (hpa.scaledObject !== undefined) byLabel.set(`${namespace}/${hpa.scaledObject}`, hpa);
    else {
      byName.set(`${namespace}/${hpa.name}`, hpa);
      byTarget.set(`${namespace}/${name}`, hpa);
    }
  }
  return (namespace, name) =>
    byLabel.get(`${namespace}/${name}`) ??
    byName.get(`${namespace}/keda-hpa-${name}`) ??
    byTarget.get(`${namespace}/${name}`);
}
