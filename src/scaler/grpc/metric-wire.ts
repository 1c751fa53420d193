import type { MetricSpec, MetricValue } from '../../platform/protocol/external-scaler.ts';

/** Name of the one metric that a trigger has. KEDA puts `s<index>-` before it, so that triggers do not collide. */
const metricName = 'forescale-demand';

/** The HPA's target. KEDA up to 2.16 reads only the integer, which must stay above zero. */
export function toMetricSpec(threshold: number): MetricSpec {
  return { metricName, targetSize: integerTarget(threshold), targetSizeFloat: threshold };
}

/**
 * The value served, under the name it was asked for. The integer twin keeps the ratio to the integer target, so that
 * an old KEDA comes to the same replicas; newer ones read it only when the float is not above zero, so both are 0 at 0.
 */
export function toMetricValue(askedName: string, signal: number, threshold: number): MetricValue {
  // A hair less, so that rounding noise does not ask for one more.
  const integer = Math.ceil((signal * integerTarget(threshold)) / threshold - 1e-9);
  return {
    metricName: askedName === '' ? metricName : askedName,
    metricValue: Math.min(integer, Number.MAX_SAFE_INTEGER),
    metricValueFloat: signal,
  };
}

/** At least 1, because a threshold is above 0. */
function integerTarget(threshold: number): number {
  return Math.min(Math.ceil(threshold), Number.MAX_SAFE_INTEGER);
}
