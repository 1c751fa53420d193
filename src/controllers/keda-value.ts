/** A MetricValue of KEDA's wire contract. */
export interface ReportedValue {
  readonly metricValue: number;
  readonly metricValueFloat: number;
}

/** The target of a MetricSpec of KEDA's wire contract. */
export interface ReportedTarget {
  readonly targetSize: number;
  readonly targetSizeFloat: number;
}

/**
 * The value that KEDA (2.20.2 and newer) reads from a scaler's answer: the float if it is above zero, otherwise the integer,
 * rounded to three decimals. Negative, NaN and infinite values become zero.
 * Source: keda pkg/scalers/external_scaler.go GetMetricsAndActivity, pkg/scalers/scaler.go GenerateMetricInMili.
 */
export function kedaValue({ metricValue, metricValueFloat }: ReportedValue): number {
  return Math.max(0, toQuantity(metricValueFloat > 0 ? metricValueFloat : metricValue));
}

/** The value the HPA gets for one metric: the sum of all reported values; undefined, an error for the HPA, if there are none. */
export function kedaTotal(values: readonly ReportedValue[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + kedaValue(value), 0);
}

/** The target that KEDA writes into the HPA. Kubernetes refuses an HPA with a target of zero or less. */
export function kedaTarget({ targetSize, targetSizeFloat }: ReportedTarget): number {
  return toQuantity(targetSizeFloat > 0 ? targetSizeFloat : targetSize);
}

/** Rounds as Go's `fmt.Sprintf("%.3f")` does; NaN and infinity become zero (quantityFromFloat64). */
function toQuantity(value: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(3)) : 0;
}
