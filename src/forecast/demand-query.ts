import type { ModelOptions } from './core/index.ts';

/** What a model learns, and how. Together with the source it identifies the model. */
export interface DemandQuery {
  readonly query: string;
  /** What people are shown in the place of a query that must not be shown. */
  readonly shownQuery?: string | undefined;
  /** Query for the number of ready replicas; undefined = they are not known. */
  readonly replicasQuery: string | undefined;
  /** Demand that one replica can carry at most; with `replicasQuery` it decides which rows are censored. */
  readonly capacityPerReplica?: number | undefined;
  /** An empty answer is zero demand because the user says so (`ignoreNullValues: "true"`). */
  readonly emptyIsZero: boolean;
  readonly stepSeconds: number;
  readonly historySeconds: number;
  readonly model: ModelOptions;
}
