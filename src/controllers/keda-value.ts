/** A MetricValue of the wire contract. */
export interface ReportedValue {
  readonly metricValue: number;
  readonly metricValueFloat: number;
}

/** The target of a MetricSpec of the wire contract. */
export interface ReportedTarget {
  readonly targetSize: number;
  readonly targetSizeFloat: number;
}

/**
 * What KEDA (2.20.2 and newer) makes of one reported value: the float where it is above zero, else the integer;
 * three decimals; zero for negative, NaN and infinite ones.
 * Source: keda pkg/scalers/external_scaler.go GetMetricsAndActivity, pkg/scalers/scaler.go GenerateMetricInMili.
 */
export function kedaValue({ metricValue, metricValueFloat }: ReportedValue): number {
  return Math.max(0, toQuantity(metricValueFloat > 0 ? metricValueFloat : metricValue));
}

/** What the HPA gets to see of all values of one metric: their sum, or undefined (an error there) when there is none. */
export function kedaTotal(values: readonly ReportedValue[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + kedaValue(value), 0);
}

/** What KEDA writes into the HPA as the target. Zero or less makes an HPA that Kubernetes refuses. */
export function kedaTarget({ targetSize, targetSizeFloat }: ReportedTarget): number {
  return toQuantity(targetSizeFloat > 0 ? targetSizeFloat : targetSize);
}

/** As `fmt.Sprintf("%.3f")` and back; not a number and infinity are zero (quantityFromFloat64). */
function toQuantity(value: number): number {
  return Number.isFinite(value) ? Number(value.toFixed(3)) : 0;
}
