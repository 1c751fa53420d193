/** KEDA and the HPA as pure functions: state and time in, decision and state out. */
export type { HpaBehavior, ScalingPolicy, ScalingRules } from './behavior.ts';
export { type Fleet, readyReplicas, resizeFleet, runningFleet } from './fleet.ts';
export { decideReplicas, type HpaDecision, type HpaSpec, initialHpaState } from './hpa.ts';
export type { HpaMetric } from './hpa-metric.ts';
export { decideActivation, hpaBounds, initialKedaState, type KedaSpec } from './keda.ts';
export { kedaTarget, kedaTotal, kedaValue, type ReportedTarget, type ReportedValue } from './keda-value.ts';
