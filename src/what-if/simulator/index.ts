/** KEDA and the HPA as pure functions: state and time in, decision and state out. */
export type { HpaBehavior, ScalingPolicy, ScalingRules } from './behavior.ts';
export { type Fleet, readyReplicas, resizeFleet, runningFleet, type StartingReplicas } from './fleet.ts';
export {
  decideReplicas,
  type HpaDecision,
  type HpaObservation,
  type HpaReason,
  type HpaSpec,
  type HpaState,
  initialHpaState,
} from './hpa.ts';
export type { HpaMetric } from './hpa-metric.ts';
export {
  decideActivation,
  hpaBounds,
  initialKedaState,
  type KedaDecision,
  type KedaObservation,
  type KedaReason,
  type KedaSpec,
  type KedaState,
} from './keda.ts';
export {
  kedaTarget,
  kedaTotal,
  kedaValue,
  type ReportedTarget,
  type ReportedValue,
} from './keda-value.ts';
export type { ScaleEvent, ScaleEvents } from './rate-limit.ts';
export type { Recommendation } from './stabilization.ts';
