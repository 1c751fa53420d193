/** One external metric as the HPA sees it. */
export interface HpaMetric {
  /** Sum of the values that the metric returned, in the metric's unit; undefined when the HPA could not read it. */
  readonly total: number | undefined;
  /** Target above zero: for each replica with AverageValue, for all replicas together with Value. */
  readonly target: number;
  /** Default AverageValue, as in KEDA. */
  readonly type?: 'AverageValue' | 'Value';
}

/** Ratios by which the metric may differ from its target without a change. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

/** What a sync of the HPA sees. */
export interface HpaObservation {
  readonly nowSeconds: number;
  /**
   * When the API server has taken a change that this sync makes, a few milliseconds after `nowSeconds` (default: `nowSeconds`). A policy of
   * `behavior` counts a change from this moment on. The controller puts the HPA back into its queue for a sync period only after that, so
   * that a period of the same length has ended by the next sync, unless the change was made by a sync that came early.
   */
  readonly writtenSeconds?: number;
  /** `scale.spec.replicas`: the requested number. */
  readonly currentReplicas: number;
  /** `scale.status.replicas`: pods that exist, ready or not (default: the current replicas). */
  readonly statusReplicas?: number;
  /** Ready pods, used by Value metrics only (default: the status replicas). */
  readonly readyReplicas?: number;
  readonly metrics: readonly HpaMetric[];
}

const maxInt32 = 2 ** 31 - 1;

/**
 * The number of replicas that one metric asks for; undefined when it has no usable value.
 *
 * Value and target are compared in thousandths, the precision of a Kubernetes quantity of a metric.
 * Source: kubernetes pkg/controller/podautoscaler/replica_calculator.go, GetExternalPerPodMetricReplicas
 * (AverageValue) and GetExternalMetricReplicas with getUsageRatioReplicaCount (Value).
 */
function replicasForMetric(
  metric: HpaMetric,
  observed: HpaObservation,
  tolerances: Tolerances,
): number | undefined {
  const { currentReplicas, statusReplicas = currentReplicas, readyReplicas = statusReplicas } = observed;
  const target = Math.round(metric.target * 1000);
  if (metric.total === undefined || !Number.isFinite(metric.total) || !(target > 0)) return undefined;
  const total = Math.round(metric.total * 1000);
  if (metric.type === 'Value') {
    const ratio = total / target;
    if (currentReplicas === 0) return ceilToReplicas(ratio);
    return isWithin(ratio, tolerances) ? currentReplicas : ceilToReplicas(ratio * readyReplicas);
  }
  const ratio = total / (target * statusReplicas);
  return isWithin(ratio, tolerances) ? statusReplicas : ceilToReplicas(total / target);
}

/**
 * The largest number of replicas that any metric asks for. Undefined when no metric has a value, or when one has none and the
 * others would scale down. Source: horizontal.go, computeReplicasForMetrics.
 */
export function replicasForMetrics(observed: HpaObservation, tolerances: Tolerances): number | undefined {
  let most: number | undefined;
  let isAnyMissing = false;
  for (const metric of observed.metrics) {
    const proposal = replicasForMetric(metric, observed, tolerances);
    if (proposal === undefined) isAnyMissing = true;
    else if (most === undefined || proposal > most) most = proposal;
  }
  return isAnyMissing && most !== undefined && most < observed.currentReplicas ? undefined : most;
}

function isWithin(ratio: number, tolerances: Tolerances): boolean {
  return 1 - tolerances.scaleDown <= ratio && ratio <= 1 + tolerances.scaleUp;
}

function ceilToReplicas(value: number): number {
  return Math.min(Math.ceil(value), maxInt32);
}
