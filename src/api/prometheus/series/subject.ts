import type { Decision, WorkloadView } from '../../../forecast/index.ts';
import type { PastDecision } from '../../ports.ts';

/** A span of time in which moments are asked about, unix milliseconds, both ends included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One workload, as of now, and what is asked of it. */
export interface Subject {
  readonly workload: WorkloadView;
  readonly nowMs: number;
  readonly span: Span;
  /** The newest decision; undefined while nothing is served. */
  readonly decision: Decision | undefined;
  /** Quantiles of the forecast, as label values. */
  readonly quantiles: readonly string[];
  /** Most steps of the model's grid that are looked ahead. */
  readonly maxSteps: number;
  /** The decisions that were in force in the span, rising in time; empty where none is on record. */
  pastDecisions(): Promise<readonly PastDecision[]>;
  /** Says why a series that the reader may expect is not there. */
  warn(message: string): void;
}

/** One series of a metric: what tells it from the others of the workload, and its value at a moment. */
export interface Line {
  readonly labels: readonly (readonly [label: string, value: string])[];
  /** The value at unix milliseconds; NaN where there is none. */
  valueAt(atMs: number): number;
}

/** A metric of this API. */
export interface ServedMetric {
  readonly help: string;
  /** The labels of the workload's series that have a value now. */
  known(subject: Subject): readonly Line['labels'][];
  lines(subject: Subject): readonly Line[] | Promise<readonly Line[]>;
}

/** A value holds for so long before it is stale, as in Prometheus; and a moment within so long of now is now, because clocks differ. */
export const lookbackMs = 5 * 60_000;

/** Half of the millisecond to which moments are rounded, seconds. */
export const roundingSeconds = 0.0005;

/** Number of the step of a grid that a moment lies in: 1 for (origin, origin + step]. */
export function stepOf(atMs: number, originSeconds: number, stepSeconds: number): number {
  return Math.ceil((atMs / 1000 - originSeconds - roundingSeconds) / stepSeconds);
}
