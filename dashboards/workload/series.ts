/** Label matchers that select the series of the scaler replicas that the reader chose. */
export const scaler = 'job=~"$job", instance=~"$instance"';
/** Label matchers of the chosen workload. */
export const workload = `${scaler}, namespace="$namespace", name="$workload", trigger=~"$trigger"`;

/** PromQL for a gauge of the chosen workload. The replicas of the scaler agree, so their maximum is the value of each. */
export const gauge = (name: string, more = '') => `max(${name}{${workload}${more}})`;

export const observed = gauge('forescale_observed');
export const signal = gauge('forescale_signal');
export const threshold = gauge('forescale_threshold');
export const wanted = gauge('forescale_replicas_wanted');
/** Replicas that were asked for one lead time ago, which are ready now. */
export const wantedBefore = `max(forescale_replicas_wanted{${workload}} offset $lead)`;

/** PromQL for a gauge that kube-state-metrics has of the HPA that KEDA makes for the chosen workload. */
export const ofHpa = (name: string) =>
  `max(kube_horizontalpodautoscaler_${name}{namespace="$namespace", horizontalpodautoscaler="keda-hpa-$workload"})`;
