import type { FastifyReply } from 'fastify';
import { type Behaviour, type Fate, fateOf, type Luck } from '../faults/fate.ts';
import { readFaultHeaders } from '../faults/fault-headers.ts';
import { sendProblem } from '../http/problem.ts';
import type { Admission } from './admission.ts';
import type { BusyWork } from './busy-work.ts';

export interface WorkOptions {
  readonly app: string;
  /** What requests suffer now. */
  readonly behaviour: () => Behaviour;
  /** The draws of the next request. */
  readonly luck: () => Luck;
  /** Whether a request may ask for faults of its own. */
  readonly mayAskForFaults: boolean;
  readonly busyWork: BusyWork;
  readonly delay: (milliseconds: number) => Promise<void>;
  readonly admit: Admission;
}

/**
 * What every request that asks for work goes through: the wait for its turn, memory, CPU time, its latency, then
 * perhaps an injected error, else `answer`. What it returns, now or later, is what the route answers with.
 */
export type Work = (reply: FastifyReply, chain: readonly unknown[], answer: () => unknown) => unknown;

/** What nginx logs for a connection it closed without an answer; there is no standard status for it. */
export const droppedStatus = 444;

export function createWork(options: WorkOptions): Work {
  const { app, busyWork, delay, admit } = options;

  const finish = (fate: Fate, reply: FastifyReply, chain: readonly unknown[], answer: () => unknown) => {
    switch (fate.failure?.kind) {
      case undefined:
        return answer();
      case 'status':
        return sendProblem(reply, app, 'injected-error', { status: fate.failure.status, chain });
      case 'drop':
        reply.code(droppedStatus).hijack();
        reply.raw.destroy();
        return reply;
    }
  };

  const toil = async ({ waitMs, cpuMs, memoryMib }: Fate, done: () => unknown) => {
    const held = memoryMib === 0 ? [] : await busyWork.hold(memoryMib);
    try {
      if (cpuMs > 0) await busyWork.burn(cpuMs);
      if (waitMs > 0) await delay(waitMs);
      return await done();
    } finally {
      held.length = 0;
    }
  };

  return (reply, chain, answer) => {
    // All is drawn on arrival: the order of arrivals alone decides who gets what, so a seed repeats a run.
    const luck = options.luck();
    const behaviour = options.behaviour();
    const asked = options.mayAskForFaults
      ? readFaultHeaders(reply.request.headers, behaviour)
      : ({ kind: 'behaviour', behaviour } as const);
    if (asked.kind === 'refused')
      return sendProblem(reply, app, 'bad-fault-headers', { faults: asked.fieldErrors });
    const fate = fateOf(asked.behaviour, luck);
    const done = () => finish(fate, reply, chain, answer);
    return admit(reply, () => {
      if (fate.cpuMs > 0 || fate.memoryMib > 0) return toil(fate, done);
      return fate.waitMs === 0 ? done() : delay(fate.waitMs).then(done);
    });
  };
}
