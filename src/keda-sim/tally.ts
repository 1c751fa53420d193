import { ScalerCallError } from './connection.ts';

/** A call that failed while the simulation went on: what was called, the gRPC status name or another code, and the text. */
export interface CallFailure {
  readonly what: string;
  readonly code: string;
  readonly message: string;
}

/** The replicas and the counts of a simulation so far. Each part of it keeps its own figures here. */
export interface Tally {
  /** Replicas that were asked for last. */
  replicas: number;
  lowestReplicas: number;
  highestReplicas: number;
  /** How often the number of replicas was changed. */
  changes: number;
  polls: number;
  failedPolls: number;
  hpaSyncs: number;
  failedHpaSyncs: number;
  /** Number of failures of every kind: polls, queries, broken streams, a workload that could not be scaled. */
  failures: number;
  lastFailure: CallFailure | null;
}

export function createTally(replicas: number): Tally {
  return {
    replicas,
    lowestReplicas: replicas,
    highestReplicas: replicas,
    changes: 0,
    polls: 0,
    failedPolls: 0,
    hpaSyncs: 0,
    failedHpaSyncs: 0,
    failures: 0,
    lastFailure: null,
  };
}

/** Counts a failure and gives it back. */
export function noteFailure(tally: Tally, failure: CallFailure): CallFailure {
  tally.failures++;
  tally.lastFailure = failure;
  return failure;
}

/** Counts what a call to the scaler threw. */
export function noteThrown(tally: Tally, error: unknown): CallFailure {
  const { rpc: what, code } =
    error instanceof ScalerCallError ? error : { rpc: 'simulator', code: 'INTERNAL' };
  return noteFailure(tally, { what, code, message: messageOf(error) });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
