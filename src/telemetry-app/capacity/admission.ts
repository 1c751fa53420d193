import type { FastifyReply } from 'fastify';
import { sendProblem } from '../http/problem.ts';
import type { Capacity } from './capacity.ts';

export type ShedReason = 'starting' | 'queue-full' | 'queue-timeout';

export interface AdmissionOptions {
  readonly app: string;
  /** Undefined: no limit. */
  readonly capacity: Capacity | undefined;
  /** Until work is accepted; 0 once it is. */
  readonly secondsToReady: () => number;
  readonly onShed: (reason: ShedReason) => void;
}

/** Answers with what `work` answers, when its turn has come, or refuses with 503 and says when to come again. */
export type Admission = (reply: FastifyReply, work: () => unknown) => unknown;

export function createAdmission({ app, capacity, secondsToReady, onShed }: AdmissionOptions): Admission {
  const shed = (reply: FastifyReply, reason: ShedReason, retryAfterSeconds: number) => {
    onShed(reason);
    return sendProblem(reply.header('retry-after', String(retryAfterSeconds)), app, reason);
  };
  return (reply, work) => {
    const seconds = secondsToReady();
    if (seconds > 0) return shed(reply, 'starting', Math.ceil(seconds));
    if (capacity === undefined) return work();
    return new Promise((resolve) => {
      const withdraw = capacity.enter({
        serve(leave) {
          const answered = new Promise((answer) => answer(work()));
          answered.then(leave, leave);
          resolve(answered);
        },
        shed: (reason, retryAfterSeconds) => resolve(shed(reply, reason, retryAfterSeconds)),
      });
      // A client that left is not waiting any more; nobody is there to be answered.
      reply.raw.once('close', withdraw);
    });
  };
}
