import { completeRules, type HpaBehavior, type ScalingRules } from './behavior.ts';
import { hpaDefaults } from './defaults.ts';
import { type HpaObservation, replicasForMetrics } from './hpa-metric.ts';
import { createRateLimiter, rateLimiterWithoutBehavior } from './rate-limit.ts';
import { createStabilizer, createStabilizerWithoutBehavior } from './stabilization.ts';
import type { Stateful } from './state-copier.ts';

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

/** The controller of one HPA. It keeps what the controller remembers between syncs, in place. */
export interface Hpa extends Stateful {
  /**
   * One sync: returns the number to write to `scale.spec.replicas`. If a metric is missing, the number does not change.
   * Times do not fall from sync to sync.
   */
  sync(observed: HpaObservation): number;
  /** The number that the metrics alone asked for in the newest sync; undefined when they were not or could not be read. */
  readonly desired: number | undefined;
  /** Reason of the newest sync's decision. */
  readonly reason: HpaReason;
}

/**
 * An HPA whose controller remembers nothing yet.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler.
 */
export function createHpa(spec: HpaSpec): Hpa {
  const rules = spec.behavior === undefined ? undefined : completeRules(spec.behavior);
  const stabilizer = rules === undefined ? createStabilizerWithoutBehavior() : createStabilizer(rules);
  const limiter = rules === undefined ? rateLimiterWithoutBehavior : createRateLimiter(rules);
  const tolerances = tolerancesOf(spec);
  let hasSynced = false;
  let desired: number | undefined;
  let reason: HpaReason = 'DesiredWithinRange';

  function settle(replicas: number, because: HpaReason): number {
    reason = because;
    return replicas;
  }

  function decide(observed: HpaObservation): number {
    const { currentReplicas, nowSeconds } = observed;
    desired = undefined;
    if (currentReplicas === 0) return settle(0, 'ScalingDisabled');
    if (currentReplicas > spec.maxReplicas) return settle(spec.maxReplicas, 'TooManyReplicas');
    if (currentReplicas < spec.minReplicas) return settle(spec.minReplicas, 'TooFewReplicas');
    const asked = replicasForMetrics(observed, tolerances);
    if (asked === undefined) return settle(currentReplicas, 'FailedGetExternalMetric');
    desired = asked;
    const stable = stabilizer.stabilize(asked, currentReplicas, nowSeconds);
    if (stable === currentReplicas) return settle(stable, withinRange(stable, asked));
    const most = stable > currentReplicas ? limiter.most(currentReplicas, nowSeconds) : Infinity;
    if (stable > Math.min(most, spec.maxReplicas))
      return most < spec.maxReplicas
        ? settle(most, 'ScaleUpLimit')
        : settle(spec.maxReplicas, 'TooManyReplicas');
    const fewest = stable < currentReplicas ? limiter.fewest(currentReplicas, nowSeconds) : 0;
    if (stable < Math.max(fewest, spec.minReplicas))
      return fewest > spec.minReplicas
        ? settle(fewest, 'ScaleDownLimit')
        : settle(spec.minReplicas, 'TooFewReplicas');
    return settle(stable, withinRange(stable, asked));
  }

  return {
    sync(observed) {
      const { currentReplicas, nowSeconds, writtenSeconds = nowSeconds } = observed;
      // In its first sync the controller records the current count as a recommendation (recordInitialRecommendation).
      if (!hasSynced) stabilizer.stabilize(currentReplicas, currentReplicas, nowSeconds);
      hasSynced = true;
      const replicas = decide(observed);
      if (replicas !== currentReplicas) limiter.record(replicas - currentReplicas, writtenSeconds);
      return replicas;
    },
    /** What the newest sync asked for, and why, is said only until the next one and is not copied. */
    copyState(copier) {
      hasSynced = copier.flag(hasSynced);
      stabilizer.copyState(copier);
      limiter.copyState(copier);
    },
    get desired() {
      return desired;
    },
    get reason() {
      return reason;
    },
  };
}

function withinRange(stable: number, asked: number): HpaReason {
  if (stable > asked) return 'ScaleDownStabilized';
  return stable < asked ? 'ScaleUpStabilized' : 'DesiredWithinRange';
}

function tolerancesOf(spec: HpaSpec): { readonly scaleUp: number; readonly scaleDown: number } {
  const of = (rules: ScalingRules | undefined) => rules?.tolerance ?? spec.tolerance ?? hpaDefaults.tolerance;
  return { scaleUp: of(spec.behavior?.scaleUp), scaleDown: of(spec.behavior?.scaleDown) };
}
