import type { ShardName } from './sharing.ts';

/** What was seen when one of three servers that share workloads was killed and started again. */
export interface ShardTrialReport {
  /** Day of the run, such as 2026-11-30. */
  readonly recorded: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly history: string;
  /** Time between two of its rows. */
  readonly step: string;
  /** Of all shards together. */
  readonly workloads: number;
  readonly callsPerSecondAndShard: number;
  readonly lost: ShardName;
  readonly starts: readonly ShardStart[];
  readonly phases: readonly TrialPhase[];
  readonly comeback: Comeback;
}

/** From the start of all three until every workload has a forecast and a snapshot. */
export interface ShardStart {
  readonly shard: ShardName;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

export type PhaseName = 'before' | 'lost' | 'returning' | 'after';

export interface TrialPhase {
  readonly name: PhaseName;
  readonly seconds: number;
  /** Shards that the first one says answer, at the end of the phase. */
  readonly answering: readonly string[];
  readonly shards: readonly ShardInPhase[];
}

/** What came of the calls to a shard in a phase. */
export interface ShardInPhase {
  readonly shard: ShardName;
  readonly calls: number;
  readonly failed: number;
  /** Of them by the name of their gRPC status. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of `GetMetrics`; absent where none was answered. */
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  /** Workloads that had an answer. */
  readonly answered: number;
  /** Answers that were more than 1 % below the last one of the workload before the loss. */
  readonly lowered: number;
  /**
   * Of them those that were also more than 1 % below all answers of other shards about the same demand at the same time. A forecast that
   * falls lowers those too; what lowers an answer alone is the loss.
   */
  readonly loweredAlone: number;
  /** Lowest answer ÷ the last one of its workload before the loss; absent where there was none. */
  readonly lowestRatio?: number | undefined;
  /** Lowest answer ÷ the lowest of other shards about the same demand at the same time; absent where there was none. */
  readonly lowestBeside?: number | undefined;
  /** Median of answer ÷ demand at that time. */
  readonly overDemand?: number | undefined;
  /** Processors that the server used; absent where it did not run throughout. */
  readonly cores?: number | undefined;
  readonly rssMiB?: number | undefined;
}

/** The way back of the shard that was killed, from the start of its process. */
export interface Comeback {
  readonly listeningSeconds: number;
  /** Until the first of its answers. */
  readonly firstAnswerSeconds: number;
  /** Until the last call that failed; 0 where none did after it listened. */
  readonly lastFailureSeconds: number;
  /** Until all workloads have a forecast again. */
  readonly forecastSeconds: number;
  /** CPU until then. */
  readonly cpuSeconds: number;
}

/** Whom the loss of a shard harmed; nobody where it is empty. */
export function harmOf({ phases, lost }: Pick<ShardTrialReport, 'phases' | 'lost'>): readonly string[] {
  return phases.flatMap(({ name, shards }) =>
    shards.flatMap(({ shard, failed, loweredAlone }) => [
      ...(loweredAlone > 0
        ? [`${name}: ${loweredAlone} answers of the shard ${shard} were lower, and of it alone`]
        : []),
      ...(shard !== lost && failed > 0 ? [`${name}: ${failed} calls to the shard ${shard} failed`] : []),
    ]),
  );
}
