import type { FastifyReply } from 'fastify';
import type { Admission } from './admission.ts';
import type { ErrorInjection } from './errors.ts';
import type { Latency } from './latency.ts';
import { sendProblem } from './problem.ts';

export interface WorkOptions {
  readonly app: string;
  readonly latency: Latency;
  readonly fails: ErrorInjection;
  readonly delay: (milliseconds: number) => Promise<void>;
  readonly admit: Admission;
}

/**
 * What every request that asks for work goes through: the wait for its turn, its latency, then perhaps an injected
 * error, else `answer`. What it returns, now or later, is what the route answers with.
 */
export type Work = (reply: FastifyReply, chain: readonly unknown[], answer: () => unknown) => unknown;

export function createWork({ app, latency, fails, delay, admit }: WorkOptions): Work {
  return (reply, chain, answer) => {
    // Both are drawn on arrival: the order of arrivals alone decides who gets what, so a seed repeats a run.
    const latencyMs = latency();
    const isFailing = fails();
    const finish = () => (isFailing ? sendProblem(reply, app, 'injected-error', { chain }) : answer());
    return admit(reply, () => (latencyMs === 0 ? finish() : delay(latencyMs).then(finish)));
  };
}
