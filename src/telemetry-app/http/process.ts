import type { FastifyReply, FastifyRequest } from 'fastify';
import { callsLeft } from '../chain/call-budget.ts';
import { type Call, type CallError, callTreeType, roundMs } from '../chain/call-tree.ts';
import type { FanOut, FanOutResult } from '../chain/fan-out.ts';
import type { LiveView } from '../page/live-view.ts';
import type { RequestTrace, RequestTraces } from '../tracing/request-trace.ts';
import { departureOf } from './client-left.ts';
import { Problem, problems } from './problem.ts';
import { type BegunWork, failOnPurpose, statusOf, type Work } from './work.ts';

const noCalls = { calls: [], waitedMs: 0 };
const notPassedOn = { code: 'not-passed-on', detail: 'this app failed the request by itself' };

export interface ProcessOptions {
  readonly app: string;
  /** The replica that answers. */
  readonly instance: string;
  readonly work: Work;
  /** Undefined: the chain ends at this app. */
  readonly fanOut: FanOut | undefined;
  readonly traces: RequestTraces;
  /** Called with every call tree. */
  readonly onCall: LiveView['called'];
}

/** Serves a request that carries a chain, this app's name already appended. */
export type Process = (
  request: FastifyRequest,
  reply: FastifyReply,
  asked: { readonly chain: readonly unknown[]; readonly wantsTree: boolean },
) => Promise<unknown>;

export function createProcess({ app, instance, work, fanOut, traces, onCall }: ProcessOptions): Process {
  /** Makes the call of this request for the call tree, once its outcome is known, and passes it to the page. */
  const endCall = (
    trace: RequestTrace,
    status: number,
    { calls, waitedMs }: Pick<FanOutResult, 'calls' | 'waitedMs'>,
    error?: CallError,
  ): Call => {
    const endedMs = performance.now();
    const durationMs = endedMs - trace.startedMs;
    // Two literals, because a conditional spread inside one takes a twentieth of the request's CPU time.
    const ownMs = roundMs(Math.max(0, durationMs - waitedMs));
    const served = { name: app, instance, status, durationMs: roundMs(durationMs), ownMs };
    const call = error === undefined ? { ...served, calls } : { ...served, error, calls };
    onCall(call, trace, endedMs);
    return call;
  };

  return async (request, reply, { chain, wantsTree }) => {
    const left = callsLeft(request.headers);
    if (fanOut !== undefined && left < fanOut.destinations) throw new Problem('too-many-calls', { chain });

    const trace = traces(request);
    let begun: BegunWork;
    try {
      begun = await work(request, reply);
    } catch (error) {
      if (error instanceof Problem) endCall(trace, error.status, noCalls, notPassedOn);
      throw error;
    }
    try {
      if (begun.failure !== undefined) {
        endCall(trace, statusOf(begun.failure), noCalls, notPassedOn);
        return failOnPurpose(begun.failure, reply, chain);
      }
      const result =
        fanOut === undefined
          ? { chain, calls: noCalls.calls, waitedMs: 0 }
          : await fanOut.call(chain, left, trace, departureOf(reply));
      if (result.failure !== undefined) {
        const { code, detail, problem } = result.failure;
        const call = endCall(trace, problems[code].status, result, { code, detail });
        const quoted = problem === undefined ? {} : { upstream: problem };
        throw new Problem(code, { detail, chain: result.chain, ...quoted, traceId: trace.id, call });
      }
      const call = endCall(trace, 200, result);
      if (!wantsTree) return result.chain;
      reply.type(callTreeType);
      return JSON.stringify({ chain: result.chain, traceId: trace.id, call });
    } finally {
      begun.end();
    }
  };
}
