import { ScalerCallError } from './connection.ts';

/** A call that failed while the simulation went on: what was called, the gRPC status name or another code, and the text. */
export interface CallFailure {
  readonly what: string;
  readonly code: string;
  readonly message: string;
}

export interface FailureLog {
  /** Counts the failure and gives it back. */
  note(failure: CallFailure): CallFailure;
  readonly count: number;
  readonly last: CallFailure | null;
}

export function createFailureLog(): FailureLog {
  let count = 0;
  let last: CallFailure | null = null;
  return {
    note(failure) {
      count++;
      last = failure;
      return failure;
    },
    get count() {
      return count;
    },
    get last() {
      return last;
    },
  };
}

/** The failure that a call to the scaler threw. */
export function toCallFailure(error: unknown): CallFailure {
  if (error instanceof ScalerCallError) return { what: error.rpc, code: error.code, message: error.message };
  return { what: 'simulator', code: 'INTERNAL', message: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
