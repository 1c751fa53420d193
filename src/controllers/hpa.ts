import { completeRules, type HpaBehavior, type ScalingRules } from './behavior.ts';
import { hpaDefaults } from './defaults.ts';
import { type HpaMetric, replicasForMetrics } from './hpa-metric.ts';
import {
  recordChange,
  type ScaleEvents,
  scaleDownLimit,
  scaleUpLimit,
  scaleUpLimitWithoutBehavior,
} from './rate-limit.ts';
import { type Recommendation, remember, stabilize, stabilizeWithoutBehavior } from './stabilization.ts';

/** The fields of an autoscaling/v2 HorizontalPodAutoscaler's spec that decisions depend on. */
export interface HpaSpec {
  /** At least 1, as in every HPA that KEDA creates. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /**
   * If `behavior` is given, even empty, missing fields have the documented defaults (up to 4 pods or 100 % more in 15 s).
   * Without it the controller takes its older path: at most double the replicas, or 4, in one sync.
   */
  readonly behavior?: HpaBehavior | undefined;
  /** The controller's --horizontal-pod-autoscaler-tolerance, default 0.1; `behavior` may override it by direction. */
  readonly tolerance?: number | undefined;
}

/** State that the controller keeps between syncs, bounded by the longest window and the longest policy period. */
interface HpaState {
  readonly recommendations: readonly Recommendation[];
  readonly events: ScaleEvents;
}

/** Input of one sync. */
interface HpaObservation {
  readonly nowSeconds: number;
  /** `scale.spec.replicas`. */
  readonly currentReplicas: number;
  /** Pods that exist, ready or not (default: the current replicas). */
  readonly statusReplicas?: number;
  /** Used by Value metrics only (default: the status replicas). */
  readonly readyReplicas?: number;
  readonly metrics: readonly HpaMetric[];
}

/**
 * Reason of a decision, in the words of the HPA's own conditions (`kubectl describe hpa`).
 * TooManyReplicas and TooFewReplicas are maxReplicas and minReplicas.
 */
type HpaReason =
  | 'DesiredWithinRange'
  | 'ScaleUpStabilized'
  | 'ScaleDownStabilized'
  | 'ScaleUpLimit'
  | 'ScaleDownLimit'
  | 'TooManyReplicas'
  | 'TooFewReplicas'
  | 'FailedGetExternalMetric'
  | 'ScalingDisabled';

export interface HpaDecision {
  /** The number to write to `scale.spec.replicas`. */
  readonly replicas: number;
  /** The number that the metrics alone ask for; undefined when they were not read or could not be read. */
  readonly desired: number | undefined;
  readonly reason: HpaReason;
  readonly state: HpaState;
}

export const initialHpaState: HpaState = { recommendations: [], events: { up: [], down: [] } };

/**
 * One sync of the HPA controller: returns the next number of replicas, the reason, and the state for the next sync.
 * If a metric is missing, the number of replicas does not change.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler.
 */
export function decideReplicas(spec: HpaSpec, state: HpaState, observed: HpaObservation): HpaDecision {
  const { nowSeconds, currentReplicas } = observed;
  const begun = withFirstRecommendation(state, currentReplicas, nowSeconds);
  const settled = (replicas: number, reason: HpaReason): HpaDecision => ({
    replicas,
    desired: undefined,
    reason,
    state: withChange(begun, spec.behavior, currentReplicas, replicas, nowSeconds),
  });
  if (currentReplicas === 0) return settled(0, 'ScalingDisabled');
  if (currentReplicas > spec.maxReplicas) return settled(spec.maxReplicas, 'TooManyReplicas');
  if (currentReplicas < spec.minReplicas) return settled(spec.minReplicas, 'TooFewReplicas');

  const statusReplicas = observed.statusReplicas ?? currentReplicas;
  const readyReplicas = observed.readyReplicas ?? statusReplicas;
  const desired = replicasForMetrics(
    observed.metrics,
    { currentReplicas, statusReplicas, readyReplicas },
    tolerancesOf(spec),
  );
  if (desired === undefined) return settled(currentReplicas, 'FailedGetExternalMetric');

  const { replicas, reason, keptSeconds } = normalize(spec, begun, observed, desired);
  const recommendations = remember(
    begun.recommendations,
    { atSeconds: nowSeconds, replicas: desired },
    keptSeconds,
  );
  return {
    replicas,
    desired,
    reason,
    state: withChange({ ...begun, recommendations }, spec.behavior, currentReplicas, replicas, nowSeconds),
  };
}

/**
 * Applies stabilization and then limits, and says how long the recommendation must be remembered.
 * Source: normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors.
 */
function normalize(spec: HpaSpec, state: HpaState, observed: HpaObservation, desired: number) {
  const { nowSeconds, currentReplicas } = observed;
  if (spec.behavior === undefined) {
    const keptSeconds = hpaDefaults.scaleDownStabilizationSeconds;
    const stable = stabilizeWithoutBehavior(desired, state.recommendations, keptSeconds, nowSeconds);
    const upLimit = scaleUpLimitWithoutBehavior(currentReplicas);
    return { ...limit(stable, desired, spec, upLimit, 0), keptSeconds };
  }
  const { scaleUp, scaleDown } = completeRules(spec.behavior);
  const windows = {
    scaleUpSeconds: scaleUp.stabilizationWindowSeconds,
    scaleDownSeconds: scaleDown.stabilizationWindowSeconds,
  };
  const stable = stabilize(desired, currentReplicas, state.recommendations, windows, nowSeconds);
  const upLimit =
    stable > currentReplicas ? scaleUpLimit(currentReplicas, scaleUp, state.events, nowSeconds) : Infinity;
  const downLimit =
    stable < currentReplicas ? scaleDownLimit(currentReplicas, scaleDown, state.events, nowSeconds) : 0;
  const keptSeconds = Math.max(windows.scaleUpSeconds, windows.scaleDownSeconds);
  return { ...limit(stable, desired, spec, upLimit, downLimit), keptSeconds };
}

function limit(
  stable: number,
  desired: number,
  spec: HpaSpec,
  upLimit: number,
  downLimit: number,
): { readonly replicas: number; readonly reason: HpaReason } {
  if (stable > Math.min(upLimit, spec.maxReplicas)) {
    return upLimit < spec.maxReplicas
      ? { replicas: upLimit, reason: 'ScaleUpLimit' }
      : { replicas: spec.maxReplicas, reason: 'TooManyReplicas' };
  }
  if (stable < Math.max(downLimit, spec.minReplicas)) {
    return downLimit > spec.minReplicas
      ? { replicas: downLimit, reason: 'ScaleDownLimit' }
      : { replicas: spec.minReplicas, reason: 'TooFewReplicas' };
  }
  if (stable > desired) return { replicas: stable, reason: 'ScaleDownStabilized' };
  if (stable < desired) return { replicas: stable, reason: 'ScaleUpStabilized' };
  return { replicas: stable, reason: 'DesiredWithinRange' };
}

/** In its first sync the controller records the current count as a recommendation (recordInitialRecommendation). */
function withFirstRecommendation(state: HpaState, currentReplicas: number, nowSeconds: number): HpaState {
  if (state.recommendations.length > 0) return state;
  return { ...state, recommendations: [{ atSeconds: nowSeconds, replicas: currentReplicas }] };
}

/** Records a change of the replicas. Without `behavior` nothing is stored, because no policy would read it (storeScaleEvent). */
function withChange(
  state: HpaState,
  behavior: HpaBehavior | undefined,
  from: number,
  to: number,
  nowSeconds: number,
): HpaState {
  if (behavior === undefined || from === to) return state;
  return { ...state, events: recordChange(state.events, from, to, completeRules(behavior), nowSeconds) };
}

function tolerancesOf(spec: HpaSpec): { readonly scaleUp: number; readonly scaleDown: number } {
  const of = (rules: ScalingRules | undefined) => rules?.tolerance ?? spec.tolerance ?? hpaDefaults.tolerance;
  return { scaleUp: of(spec.behavior?.scaleUp), scaleDown: of(spec.behavior?.scaleDown) };
}
