/** The rules of KEDA and of the HPA as pure functions: they take state and time, and return a decision and the next state. */
export type { HpaBehavior, ScalingPolicy, ScalingRules } from './behavior.ts';
export { hpaDefaults, kedaDefaults } from './defaults.ts';
export { type Fleet, readyReplicas, resizeFleet, runningFleet } from './fleet.ts';
export { decideReplicas, type HpaDecision, type HpaSpec, initialHpaState } from './hpa.ts';
export type { HpaMetric } from './hpa-metric.ts';
export { decideActivation, hpaBounds, initialKedaState, type KedaSpec } from './keda.ts';
export { kedaTarget, kedaTotal, kedaValue, type ReportedTarget, type ReportedValue } from './keda-value.ts';
