import { completeRules, type HpaBehavior, type ScalingRules } from './behavior.ts';
import { hpaDefaults } from './defaults.ts';
import { type HpaObservation, replicasForMetrics, type Tolerances } from './hpa-metric.ts';
import { createRateLimiter, type RateLimiter, rateLimiterWithoutBehavior } from './rate-limit.ts';
import { createStabilizer, createStabilizerWithoutBehavior, type Stabilizer } from './stabilization.ts';
import type { StateCopier, Stateful } from './state-copier.ts';

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
  return new Controller(spec);
}

/** A class, as StartingFleet is. */
class Controller implements Hpa {
  desired: number | undefined;
  reason: HpaReason = 'DesiredWithinRange';
  readonly #minReplicas: number;
  readonly #maxReplicas: number;
  readonly #tolerances: Tolerances;
  readonly #stabilizer: Stabilizer;
  readonly #limiter: RateLimiter;
  #hasSynced = false;

  constructor(spec: HpaSpec) {
    const rules = spec.behavior === undefined ? undefined : completeRules(spec.behavior);
    this.#minReplicas = spec.minReplicas;
    this.#maxReplicas = spec.maxReplicas;
    this.#tolerances = tolerancesOf(spec);
    this.#stabilizer = rules === undefined ? createStabilizerWithoutBehavior() : createStabilizer(rules);
    this.#limiter = rules === undefined ? rateLimiterWithoutBehavior : createRateLimiter(rules);
  }

  /** What the newest sync asked for, and why, is said only until the next one and is not copied. */
  copyState(copier: StateCopier): void {
    this.#hasSynced = copier.flag(this.#hasSynced);
    this.#stabilizer.copyState(copier);
    this.#limiter.copyState(copier);
  }

  sync(observed: HpaObservation): number {
    const { currentReplicas, nowSeconds, writtenSeconds = nowSeconds } = observed;
    // In its first sync the controller records the current count as a recommendation (recordInitialRecommendation).
    if (!this.#hasSynced) this.#stabilizer.stabilize(currentReplicas, currentReplicas, nowSeconds);
    this.#hasSynced = true;
    const replicas = this.#decide(observed);
    if (replicas !== currentReplicas) this.#limiter.record(replicas - currentReplicas, writtenSeconds);
    return replicas;
  }

  #decide(observed: HpaObservation): number {
    const { currentReplicas, nowSeconds } = observed;
    const minReplicas = this.#minReplicas;
    const maxReplicas = this.#maxReplicas;
    this.desired = undefined;
    if (currentReplicas === 0) return this.#settle(0, 'ScalingDisabled');
    if (currentReplicas > maxReplicas) return this.#settle(maxReplicas, 'TooManyReplicas');
    if (currentReplicas < minReplicas) return this.#settle(minReplicas, 'TooFewReplicas');
    const asked = replicasForMetrics(observed, this.#tolerances);
    if (asked === undefined) return this.#settle(currentReplicas, 'FailedGetExternalMetric');
    this.desired = asked;
    const stable = this.#stabilizer.stabilize(asked, currentReplicas, nowSeconds);
    if (stable === currentReplicas) return this.#settle(stable, withinRange(stable, asked));
    const most = stable > currentReplicas ? this.#limiter.most(currentReplicas, nowSeconds) : Infinity;
    if (stable > Math.min(most, maxReplicas))
      return most < maxReplicas
        ? this.#settle(most, 'ScaleUpLimit')
        : this.#settle(maxReplicas, 'TooManyReplicas');
    const fewest = stable < currentReplicas ? this.#limiter.fewest(currentReplicas, nowSeconds) : 0;
    if (stable < Math.max(fewest, minReplicas))
      return fewest > minReplicas
        ? this.#settle(fewest, 'ScaleDownLimit')
        : this.#settle(minReplicas, 'TooFewReplicas');
    return this.#settle(stable, withinRange(stable, asked));
  }

  #settle(replicas: number, because: HpaReason): number {
    this.reason = because;
    return replicas;
  }
}

function withinRange(stable: number, asked: number): HpaReason {
  if (stable > asked) return 'ScaleDownStabilized';
  return stable < asked ? 'ScaleUpStabilized' : 'DesiredWithinRange';
}

/** Those that were asked for last: thousands of fleets have the same. */
let newestTolerances: Tolerances = { scaleUp: hpaDefaults.tolerance, scaleDown: hpaDefaults.tolerance };

function tolerancesOf(spec: HpaSpec): Tolerances {
  const of = (rules: ScalingRules | undefined) => rules?.tolerance ?? spec.tolerance ?? hpaDefaults.tolerance;
  const scaleUp = of(spec.behavior?.scaleUp);
  const scaleDown = of(spec.behavior?.scaleDown);
  const isSame = newestTolerances.scaleUp === scaleUp && newestTolerances.scaleDown === scaleDown;
  if (!isSame) newestTolerances = { scaleUp, scaleDown };
  return newestTolerances;
}
