import type { HpaBehavior } from '../controllers/index.ts';
import { decisionWindowSeconds, type Lags } from '../scaler/decision/policy.ts';
import { leadTimeOf, type StartUpModel } from './start-up.ts';

/** A workload, what scales it, and how long its replicas take to start. */
export interface Scenario {
  /** Demand that one replica should carry: the HPA's target, a trigger's `threshold`. */
  readonly target: number;
  /** Demand that one replica can carry at most: beyond it the workload is short. Often the target itself. */
  readonly capacity: number;
  /** 0 lets KEDA scale to zero. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Behaviour of the workload's own HPA; undefined and `{}` are different. */
  readonly behavior: HpaBehavior | undefined;
  /** The HPA controller's tolerance; `behavior` may override it by direction. */
  readonly tolerance: number;
  readonly startUp: StartUpModel;
  /** How far ahead Forescale is told to look, seconds (default: the 95th percentile of the start-up, as `leadTime: auto` learns it). */
  readonly leadTimeSeconds?: number | undefined;
  /** KEDA's side of the ScaledObject. */
  readonly keda: {
    readonly pollingIntervalSeconds: number;
    readonly cooldownSeconds: number;
    readonly activationThreshold: number;
  };
  readonly rateWindowSeconds: number;
  /** The shortest season, where it is no day: what the service learns in a day it then learns in a season. */
  readonly seasonSeconds?: number | undefined;
  /** Timing of the Forescale server, as in its configuration. */
  readonly serving: {
    readonly lags: Lags;
    readonly freshSeconds: number;
    readonly blindSeconds: number;
    /** Age from which rows are read. */
    readonly settleSeconds: number;
  };
}

/** How far ahead a policy must look, by the rule of the code that serves. */
export function windowOf(scenario: Scenario): number {
  const trigger = {
    rateWindowSeconds: scenario.rateWindowSeconds,
    leadTimeSeconds: leadTimeSecondsOf(scenario),
    peakWindowSeconds: undefined,
  };
  return decisionWindowSeconds(trigger, scenario.serving.lags);
}

/** Time from a decision to a ready replica, as a trigger would have it. */
export function leadTimeSecondsOf({ leadTimeSeconds, startUp }: Scenario): number {
  return leadTimeSeconds ?? leadTimeOf(startUp);
}

/** Ratio by which demand may exceed the target without a scale-up. */
export function scaleUpTolerance({ behavior, tolerance }: Scenario): number {
  return behavior?.scaleUp?.tolerance ?? tolerance;
}
