import type { RowLags } from './known-rows.ts';

/** What the played decisions depend on. They follow from the trigger and the server's lags alone. */
export interface ServiceRule extends RowLags {
  /** Demand that one replica should carry: the target of the HPA. */
  readonly threshold: number;
  /** Demand that one replica carries before the workload is short; at least `threshold`. */
  readonly capacity: number;
  readonly hpaTolerance: number;
  /** Whether decisions know how many replicas there are, as kube-state-metrics tell, so that they raise no further than these need. */
  readonly knowsReplicas: boolean;
  /** Promised share of time in which demand is at most what the ready replicas carry. */
  readonly serviceLevel: number;
  readonly windowSeconds: number;
  /** Time from a decision to a ready pod. */
  readonly leadTimeSeconds: number;
  /** Age at which a row of the history is learned. */
  readonly settleSeconds: number;
  /** The shortest season: what a day is to most traffic. */
  readonly seasonSeconds: number;
}
