import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BusyWork } from '../capacity/busy-work.ts';
import type { Capacity } from '../capacity/capacity.ts';
import { type Behaviour, fateOf, type InjectedFailure, type Luck } from '../faults/fate.ts';
import { readFaultHeaders } from '../faults/fault-headers.ts';
import type { RejectionReason } from '../metrics/metrics.ts';
import { departureOf } from './client-left.ts';
import { Problem } from './problem.ts';

export interface WorkOptions {
  /** Faults of all requests now. */
  readonly behaviour: () => Behaviour;
  /** Random draws of the next request. */
  readonly luck: () => Luck;
  /** Whether a request may ask for faults of its own. */
  readonly mayAskForFaults: boolean;
  /** Seconds until work is accepted; 0 once it is. */
  readonly secondsToReady: () => number;
  /** Undefined: there is no limit. */
  readonly capacity: Capacity | undefined;
  readonly onRejected: (reason: RejectionReason) => void;
  readonly busyWork: BusyWork;
  readonly delay: (milliseconds: number) => Promise<void>;
}

/** A request that has had its turn, its CPU time and its latency: it is now answered. */
export interface BegunWork {
  /** The failure that is injected instead of the answer, if there is one. */
  readonly failure: InjectedFailure | undefined;
  /** Gives up the place and the memory of the request. The route calls it when its answer is decided. */
  end(): void;
}

/**
 * Takes a request for work through everything before its answer: faults asked for, its turn, memory, CPU time, latency.
 * Rejects with a `Problem` when the request is refused, and with `clientLeft` when its client leaves before its turn.
 */
export type Work = (request: FastifyRequest, reply: FastifyReply) => Promise<BegunWork>;

export function createWork(options: WorkOptions): Work {
  const { capacity, busyWork, delay, onRejected } = options;

  const reject = (reason: RejectionReason, retryAfterSeconds: number): Problem => {
    onRejected(reason);
    return new Problem(reason, {}, { 'retry-after': String(retryAfterSeconds) });
  };

  const behaviourFor = ({ headers }: FastifyRequest): Behaviour => {
    const behaviour = options.behaviour();
    if (!options.mayAskForFaults) return behaviour;
    const asked = readFaultHeaders(headers, behaviour);
    if (asked.kind === 'refused') throw new Problem('bad-fault-headers', { faults: asked.fieldErrors });
    return asked.behaviour;
  };

  return async (request, reply) => {
    // All draws are made on arrival: the order of arrivals alone decides the fate of each request, so a seed repeats a run.
    const luck = options.luck();
    const { waitMs, cpuMs, memoryMib, failure } = fateOf(behaviourFor(request), luck);

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
      if (waitMs > 0) await delay(waitMs);
    } catch (error) {
      end();
      throw error;
    }
    return { failure, end };
  };
}

/** Status that nginx logs for a connection it closed without an answer; there is no standard status for it. */
export const droppedStatus = 444;

/** The status that metrics and call tree show for an injected failure. */
export function statusOf(failure: InjectedFailure): number {
  return failure.kind === 'status' ? failure.status : droppedStatus;
}

/** Fails a request on purpose: throws the problem it is answered with, or cuts its connection. */
export function failOnPurpose(
  failure: InjectedFailure,
  reply: FastifyReply,
  chain: readonly unknown[],
): FastifyReply {
  if (failure.kind === 'status') throw new Problem('injected-error', { status: failure.status, chain });
  reply.code(droppedStatus).hijack();
  reply.raw.destroy();
  return reply;
}
