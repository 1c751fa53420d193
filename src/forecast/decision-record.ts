import type { Decision } from './workload-view.ts';

/** What is usual at the moment that a bound was made for, as parts that add up; demand in the query's unit. */
interface UsualParts {
  /** Mean of what is usual over the seasons. */
  readonly level: number;
  /** What the time of day, and the time of the week, add to it. */
  readonly day: number;
  readonly week: number;
}

/** What was known beside the decision itself when it was made. */
interface DecisionSurroundings {
  readonly threshold: number;
  /** Relative difference that the HPA ignores. */
  readonly hpaTolerance: number;
  /** Replicas that the HPA had and kept; undefined = not known. */
  readonly replicas: number | undefined;
  /** Median of the peak within the decision window; undefined without a forecast. */
  readonly expectedPeak: number | undefined;
  /** The signal was cut to this unless the observed demand was above it; undefined without a forecast. */
  readonly cap: number | undefined;
  /** Of the step of the model's grid that was newest; undefined while it is learning. */
  readonly usual: UsualParts | undefined;
  /** The models with the largest weights, in whole percent, largest first. */
  readonly experts: readonly { readonly name: string; readonly percent: number }[];
}

interface MadeHere {
  /** KEDA asked another replica then: this one decided the same on the same data, and told it to nobody. */
  readonly elsewhere?: true;
}

/** A decision that was served, with what it was made of. */
export interface ServedDecision extends Decision, DecisionSurroundings, MadeHere {
  readonly kind: 'served';
}

/** The fallback reason of each decision in mode reactive, by which the record tells the mode. */
export const reactiveReason = 'the mode is reactive';

/** The reason for which nothing is served of a workload that was just opened. */
export const nothingObserved = 'nothing has been observed yet';

/** A moment from which nothing was served: KEDA got an error. */
export interface NothingServed extends MadeHere {
  readonly kind: 'none';
  readonly atSeconds: number;
  readonly reasons: readonly string[];
}

export type RecordedDecision = ServedDecision | NothingServed;

/**
 * How a decision is kept. `exact`: time and signal to the bit. `thousandths`: time to the second and the signal as KEDA passes it
 * on, to three decimals. `coarse`: less, because the workload decides so often, or in so large numbers, that its share would not do.
 * Other demand is kept to within 0.02 %, and to within 0.1 % where decisions are many.
 */
export type RecordPrecision = 'exact' | 'thousandths' | 'coarse';

/** A decision of the record. */
export interface RecordRow {
  readonly decision: RecordedDecision;
  readonly precision: RecordPrecision;
}

/** Of whose decisions a question is. */
export interface RecordKey {
  readonly namespace: string;
  readonly name: string;
  readonly trigger: string;
}

/** Where decisions are kept, and why not where they should be. */
export interface RecordState {
  readonly kept: 'file' | 'memory';
  /** Names the file, the cause and the remedy; undefined where nothing is wrong. */
  readonly warning: string | undefined;
}

export interface RecordSpan {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Without a step: every decision. With one: that which was in force at each whole multiple of it. */
  readonly stepSeconds: number | undefined;
  /** Most decisions of the answer. */
  readonly limit: number;
}

export interface RecordAnswer extends RecordState {
  /** Rising in time. With a step `atSeconds` is the moment that was asked for, otherwise that of the decision. */
  readonly rows: readonly (RecordRow & {
    readonly atSeconds: number;
    /**
     * Highest demand observed in the decision window after the decision; undefined while it is not over, where a part of it is not on
     * record, and where fresh data was missing in it.
     */
    readonly came: number | undefined;
  })[];
  /** Where the next answer begins; undefined where this one is complete. */
  readonly nextSeconds: number | undefined;
  /** The oldest decision on record; undefined where there is none. */
  readonly oldestSeconds: number | undefined;
}

/** The decisions that were served. */
export interface DecisionRecord {
  /** Triggers of which there are decisions, those of workloads that are forgotten included. */
  triggers(namespace: string, name: string): Promise<readonly string[]>;
  /** The decision that was in force at a moment; no row where there was none. Rejects as {@link DecisionRecord.read} does. */
  at(key: RecordKey, atSeconds: number): Promise<RecordAnswer>;
  /** Decisions in [from, to], those that were made up to now included. Rejects with `overloaded` where too many ask at once. */
  read(key: RecordKey, span: RecordSpan): Promise<RecordAnswer>;
}
