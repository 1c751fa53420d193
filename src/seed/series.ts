import { type FieldError, invalidFields } from '../platform/errors.ts';

/** A series to write: its name, its labels, and its samples in order of time. */
export interface Series {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: 'gauge' | 'counter';
  /** Unix seconds, strictly rising; written to the millisecond. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** Throws `invalid-argument` that lists everything Prometheus would refuse in the name and the labels. */
export function checkSeriesName(metric: string, labels: Readonly<Record<string, string>>): void {
  const fieldErrors: FieldError[] = [];
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric)) {
    fieldErrors.push({
      field: 'metric',
      value: metric,
      message: `--metric: "${metric}" is no metric name; use letters, digits, _ and :, no digit first`,
    });
  }
  for (const name of Object.keys(labels)) {
    if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith('__')) continue;
    fieldErrors.push({
      field: 'labels',
      value: name,
      message: `--labels: "${name}" is no label name; use letters, digits and _, no digit or __ first`,
    });
  }
  if (fieldErrors.length > 0) throw invalidFields('series', fieldErrors);
}

/** Selector of the series in PromQL, such as `app_requests_total{app="a"}`. */
export function selectorOf({ metric, labels }: Pick<Series, 'metric' | 'labels'>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`);
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(',')}}`;
}

/** Puts a label value into double quotes, escaped for PromQL and OpenMetrics alike. */
export function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/**
 * Values of a counter that grows by `rates` per second over the step before each row. It does not grow where rows are missing,
 * because nothing is known about that time.
 */
export function integrateRates(rates: Float64Array, stepSeconds: number): Float64Array {
  let total = 0;
  return rates.map((rate) => {
    total += rate * stepSeconds;
    return total;
  });
}
