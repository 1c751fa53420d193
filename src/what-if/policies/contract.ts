import type { Demand } from '../demand.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Scenario } from '../scenario.ts';

/** What a policy is made for. */
interface PolicyRequest {
  readonly scenario: Scenario;
  /** Values of the policy's knob that are played beside each other. */
  readonly settings: readonly number[];
  /** All of the demand. Only perfect foresight may look at what is not known yet. */
  readonly truth: Demand;
}

/** A policy at work, once for each setting of its knob. */
interface PolicyRun {
  /** Called once, before the first tick and before a forecaster learns: a follower of its rows joins here. */
  begin?(known: Knowledge): void;
  /**
   * The signals for the HPA at one tick, one for each setting: demand to be ready for, finite and ≥ 0, or NaN where the policy
   * cannot tell, which leaves the replicas as they are. It is asked at every tick in turn.
   */
  signals(known: Knowledge, into: Float64Array): void;
  /**
   * Whether the workload should be awake, by setting, at the tick that `signals` was asked for last; KEDA asks where it may scale to
   * zero. Default: the observed demand is above the activation threshold.
   */
  isActive?(setting: number): boolean;
  /** Told where only some settings, by their places, are played from now on; the signals of the others are not read any more. */
  keep?(places: readonly number[]): void;
}

/** A rule by which a workload is scaled. To add one, write a file and add a line to the table. */
export interface Policy {
  readonly title: string;
  /** What is tuned for equal service: its values, least capacity first, and the value that users get without tuning. */
  readonly knob: {
    readonly meaning: string;
    readonly values: readonly number[];
    readonly default: number;
  };
  /** The HPA beneath it: the workload's own, with a hold of scale-downs of a minute, or none at all, so that replicas are set. */
  readonly hpa: 'own' | 'short-hold' | 'none';
  create(request: PolicyRequest): PolicyRun;
}
