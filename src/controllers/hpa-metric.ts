/** One external metric as the HPA sees it. */
export interface HpaMetric {
  /** Sum over everything the metric returned, in the metric's unit; undefined when it could not be had. */
  readonly total: number | undefined;
  /** Per replica for AverageValue, for the whole fleet for Value; above zero. */
  readonly target: number;
  /** Default AverageValue, as KEDA's. */
  readonly type?: 'AverageValue' | 'Value';
}

/** By how much the metric may be off its target without a change, as ratios. */
interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

interface ReplicaCounts {
  /** `scale.spec.replicas`: what was asked for. */
  readonly currentReplicas: number;
  /** `scale.status.replicas`: pods that exist, ready or not. */
  readonly statusReplicas: number;
  readonly readyReplicas: number;
}

const maxInt32 = 2 ** 31 - 1;

/**
 * Replicas one metric asks for; undefined when it has no usable value.
 *
 * Both sides are compared in thousandths, because that is all a Kubernetes quantity of a metric carries.
 * Source: kubernetes pkg/controller/podautoscaler/replica_calculator.go, GetExternalPerPodMetricReplicas
 * (AverageValue) and GetExternalMetricReplicas with getUsageRatioReplicaCount (Value).
 */
function replicasForMetric(
  metric: HpaMetric,
  counts: ReplicaCounts,
  tolerances: Tolerances,
): number | undefined {
  const target = Math.round(metric.target * 1000);
  if (metric.total === undefined || !Number.isFinite(metric.total) || !(target > 0)) return undefined;
  const total = Math.round(metric.total * 1000);
  if (metric.type === 'Value') {
    const ratio = total / target;
    if (counts.currentReplicas === 0) return ceilToReplicas(ratio);
    return isWithin(ratio, tolerances)
      ? counts.currentReplicas
      : ceilToReplicas(ratio * counts.readyReplicas);
  }
  const ratio = total / (target * counts.statusReplicas);
  return isWithin(ratio, tolerances) ? counts.statusReplicas : ceilToReplicas(total / target);
}

/**
 * Replicas all metrics together ask for: the most of them. Undefined when none has a value, or when one has none and
 * the others would scale down. Source: horizontal.go, computeReplicasForMetrics.
 */
export function replicasForMetrics(
  metrics: readonly HpaMetric[],
  counts: ReplicaCounts,
  tolerances: Tolerances,
): number | undefined {
  const proposals = metrics.map((metric) => replicasForMetric(metric, counts, tolerances));
  const known = proposals.filter((proposal) => proposal !== undefined);
  if (known.length === 0) return undefined;
  const most = Math.max(...known);
  return known.length < proposals.length && most < counts.currentReplicas ? undefined : most;
}

function isWithin(ratio: number, tolerances: Tolerances): boolean {
  return 1 - tolerances.scaleDown <= ratio && ratio <= 1 + tolerances.scaleUp;
}

function ceilToReplicas(value: number): number {
  return Math.min(Math.ceil(value), maxInt32);
}
