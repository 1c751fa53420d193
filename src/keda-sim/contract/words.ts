import { kedaTarget, kedaTotal, type ReportedValue } from '../../controllers/index.ts';
import type { ReportedSpec } from '../connection.ts';
import type { Asked } from './subject.ts';

/** What was asked and what came back, for a line of the report. */
export function inWords(rpc: string, asked: Asked<unknown>): string {
  if (asked.kind === 'answer') return `${rpc} answers ${JSON.stringify(asked.answer)}`;
  return `${rpc} fails with ${asked.code}: ${asked.details}`;
}

export function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** What is wrong with an answer of GetMetrics, or undefined. KEDA takes NaN and infinity for no load, and sums several values. */
export function faultOfValues(values: readonly ReportedValue[]): string | undefined {
  if (values.length !== 1) return `${values.length} values instead of one`;
  const float = values[0]?.metricValueFloat ?? 0;
  const integer = values[0]?.metricValue ?? 0;
  for (const [field, value] of [
    ['metricValueFloat', float],
    ['metricValue', integer],
  ] as const) {
    if (!Number.isFinite(value) || value < 0) return `${field} is ${value}`;
  }
  return undefined;
}

/** The value that KEDA reads. */
export function totalOf(values: readonly ReportedValue[]): number {
  return kedaTotal(values) ?? 0;
}

/** The target that KEDA reads; 0 where there is none. */
export function targetOf([spec]: readonly (ReportedSpec | undefined)[]): number {
  return spec === undefined ? 0 : kedaTarget(spec);
}

/** Whether two values lead an HPA to the same replicas, or to one more or less; within 1 % they are the same. */
export function isAlike(a: number, b: number, target: number): boolean {
  if (Math.abs(a - b) <= 0.01 * Math.max(a, b)) return true;
  return Math.abs(Math.ceil(a / target) - Math.ceil(b / target)) <= 1;
}
