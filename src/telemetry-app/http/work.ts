import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BusyWork } from '../capacity/busy-work.ts';
import type { Capacity } from '../capacity/capacity.ts';
import type { SlowStart } from '../capacity/slow-start.ts';
import type { ActiveFaults } from '../faults/active-faults.ts';
import { fateOf, type Luck } from '../faults/fate.ts';
import type { RejectionReason } from '../metrics/metrics.ts';
import { departureOf } from './client-left.ts';
import { readFaultHeaders } from './fault-headers.ts';
import { droppedStatus, Problem } from './problem.ts';

export interface WorkOptions {
  readonly behaviour: ActiveFaults['behaviour'];
  readonly luck: () => Luck;
  /** Whether a request may ask for faults of its own. */
  readonly mayAskForFaults: boolean;
  readonly secondsToReady: SlowStart['secondsToReady'];
  /** Undefined: there is no limit. */
  readonly capacity: Capacity | undefined;
  readonly onRejected: (reason: RejectionReason) => void;
  readonly busyWork: BusyWork;
  readonly delay: (milliseconds: number) => Promise<void>;
}

export type Work = ReturnType<typeof createWork>;

/** Makes the part of serving that all requests for work have in common. */
export function createWork({ capacity, busyWork, ...options }: WorkOptions) {
  const reject = (reason: RejectionReason, retryAfterSeconds: number): Problem => {
    options.onRejected(reason);
    return new Problem(reason, {}, { 'retry-after': String(retryAfterSeconds) });
  };

  /**
   * Takes a request through everything before its answer: faults asked for, its turn, memory, CPU time, latency, failure on
   * purpose. Resolves with a function that gives up its place and its memory, to be called when the answer is decided.
   * Rejects with a `Problem`, which carries the chain where the failure is on purpose, or with `clientLeft`.
   */
  return async (request: FastifyRequest, reply: FastifyReply, chain: readonly unknown[]) => {
    // All draws are made on arrival: the order of arrivals alone decides the fate of each request, so a seed repeats a run.
    const luck = options.luck();
    const common = options.behaviour();
    const behaviour = options.mayAskForFaults ? readFaultHeaders(request.headers, common) : common;
    const { waitMs, cpuMs, memoryMib, failure } = fateOf(behaviour, luck);

    const secondsToReady = options.secondsToReady();
    if (secondsToReady > 0) throw reject('starting', Math.ceil(secondsToReady));
    const turn = capacity === undefined ? undefined : await capacity.turn(departureOf(reply));
    if (turn?.kind === 'rejected') throw reject(turn.reason, turn.retryAfterSeconds);

    let held: Buffer[] = [];
    const end = () => {
      held.length = 0;
      turn?.leave();
    };
    try {
      if (memoryMib > 0) held = await busyWork.hold(memoryMib);
      if (cpuMs > 0) await busyWork.burn(cpuMs);
      if (waitMs > 0) await options.delay(waitMs);
      if (failure === undefined) return end;
      const status = failure.kind === 'drop' ? droppedStatus : failure.status;
      throw new Problem('injected-error', { status, chain });
    } catch (error) {
      end();
      throw error;
    }
  };
}
