import type { HpaBehavior } from '../controllers/index.ts';
import { decisionWindowSeconds, type Lags } from '../scaler/decision/policy.ts';

/** A workload, what scales it, and how long its replicas take to start. */
export interface Scenario {
  /** Demand that one replica carries, and the HPA's target. */
  readonly target: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Behaviour of the workload's own HPA. */
  readonly behavior: HpaBehavior | undefined;
  /** The HPA controller's tolerance; `behavior` may override it by direction. */
  readonly tolerance: number;
  /** Seconds from asking for a replica until it is ready. */
  readonly startUpSeconds: number;
  readonly rateWindowSeconds: number;
  readonly lags: Lags;
}

/** How far ahead a policy must look, by the rule of the code that serves. */
export function windowOf({ startUpSeconds, rateWindowSeconds, lags }: Scenario): number {
  const trigger = { rateWindowSeconds, leadTimeSeconds: startUpSeconds, peakWindowSeconds: undefined };
  return decisionWindowSeconds(trigger, lags);
}

/** Ratio by which demand may exceed the target without a scale-up. */
export function scaleUpTolerance({ behavior, tolerance }: Scenario): number {
  return behavior?.scaleUp?.tolerance ?? tolerance;
}
