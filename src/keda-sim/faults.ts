import { ScalerCallError } from './connection.ts';

/** Something that went wrong and was survived: what failed, the gRPC status name or another code, and the text. */
export interface SimFault {
  readonly what: string;
  readonly code: string;
  readonly message: string;
}

export interface FaultLog {
  /** Counts the fault and gives it back. */
  note(fault: SimFault): SimFault;
  readonly count: number;
  readonly last: SimFault | null;
}

export function createFaultLog(): FaultLog {
  let count = 0;
  let last: SimFault | null = null;
  return {
    note(fault) {
      count++;
      last = fault;
      return fault;
    },
    get count() {
      return count;
    },
    get last() {
      return last;
    },
  };
}

/** Whatever a call to the scaler threw, as a fault. */
export function toFault(error: unknown): SimFault {
  if (error instanceof ScalerCallError) return { what: error.rpc, code: error.code, message: error.message };
  return { what: 'simulator', code: 'INTERNAL', message: messageOf(error) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
