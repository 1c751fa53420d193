import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Work } from '../capacity/work.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { ref, traceParameters, treeAnswer } from '../http/openapi-schemas.ts';
import { problemStatus, sendProblem } from '../http/problem.ts';
import type { LiveView } from '../page/live-view.ts';
import type { RequestTrace, RequestTraces } from '../tracing/request-trace.ts';
import { callsLeft } from './call-budget.ts';
import { type Call, type CallError, callTreeType, roundMs } from './call-tree.ts';
import type { FanOut, FanOutResult } from './fan-out.ts';
import { nestsDeeperThan } from './upstream-answer.ts';

/** A chain that was passed from app to app this often is a loop, even where something strips their headers. */
const longestChain = 1_000;
/** Entries are names, or small things; printing what nests without end would exhaust the stack. */
const deepestEntry = 32;

const noCalls = { calls: [], waitedMs: 0 };
const notPassedOn = { code: 'not-passed-on', detail: 'this app failed the request by itself' };

export interface ProcessOptions {
  readonly app: string;
  /** The replica that answers. */
  readonly instance: string;
  readonly work: Work;
  /** None: the chain ends here. */
  readonly fanOut: FanOut | undefined;
  readonly traces: RequestTraces;
  /** Told every tree that is answered with. */
  readonly onCall: LiveView['called'];
}

/** `POST /process`, which passes a chain on, and `GET /calls`, which begins one and answers with its tree. */
export function processEndpoints(options: ProcessOptions): Endpoint[] {
  const { app, instance, work, fanOut, traces, onCall } = options;
  /** The call this request is, now that it is over; the page is told of it. */
  const told = (
    trace: RequestTrace,
    status: number,
    { calls, waitedMs }: Pick<FanOutResult, 'calls' | 'waitedMs'>,
    error?: CallError,
  ): Call => {
    const endedMs = performance.now();
    const durationMs = endedMs - trace.startedMs;
    const call = {
      name: app,
      instance,
      status,
      durationMs: roundMs(durationMs),
      ownMs: roundMs(Math.max(0, durationMs - waitedMs)),
      ...(error === undefined ? {} : { error }),
      calls,
    };
    onCall(call, trace, endedMs);
    return call;
  };

  const answer = (request: FastifyRequest, reply: FastifyReply, wantsTree: boolean, given: FanOutResult) => {
    const trace = traces(request);
    const { chain, failure } = given;
    if (failure !== undefined) {
      const { code, detail, problem } = failure;
      const call = told(trace, problemStatus(code), given, { code, detail });
      const quoted = problem === undefined ? {} : { upstream: problem };
      return sendProblem(reply, app, code, { detail, chain, ...quoted, traceId: trace.id, call });
    }
    const call = told(trace, 200, given);
    return wantsTree
      ? reply.type(callTreeType).send(JSON.stringify({ chain, traceId: trace.id, call }))
      : chain;
  };

  const serve = (
    request: FastifyRequest,
    reply: FastifyReply,
    chain: readonly unknown[],
    wantsTree: boolean,
  ) => {
    const left = callsLeft(request.headers);
    if (fanOut !== undefined && left < fanOut.destinations)
      return sendProblem(reply, app, 'too-many-calls', { chain });
    let isPassedOn = false;
    const result = work(reply, chain, () => {
      isPassedOn = true;
      if (fanOut === undefined) return answer(request, reply, wantsTree, { chain, ...noCalls });
      const gone = departureOf(reply);
      return fanOut.call(chain, left, traces(request), gone).then(
        (given) => answer(request, reply, wantsTree, given),
        (error: unknown) => {
          if (gone.aborted) return reply.hijack();
          throw error;
        },
      );
    });
    const finish = (given: unknown) => {
      // A request that this app fails before anyone is called is a tree of one.
      if (!isPassedOn) told(traces(request), reply.statusCode, noCalls, notPassedOn);
      return given;
    };
    return result instanceof Promise ? result.then(finish) : finish(result);
  };

  return [
    {
      method: 'POST',
      path: '/process',
      meaning:
        'takes a JSON array, appends the name of this app, passes it on to the destinations, answers with the chain',
      contract: {
        parameters: traceParameters,
        requestBody: { required: true, content: { 'application/json': { schema: ref('Chain') } } },
        answers: { 200: { 'application/json': ref('Chain'), ...treeAnswer } },
      },
      handler(request, reply) {
        const { body, headers } = request;
        if (!Array.isArray(body)) return sendProblem(reply, app, 'not-an-array');
        if (body.length >= longestChain) return sendProblem(reply, app, 'chain-too-long');
        if (nestsDeeperThan(deepestEntry, body)) return sendProblem(reply, app, 'chain-too-deep');
        return serve(request, reply, [...body, app], headers.accept?.includes(callTreeType) === true);
      },
    },
    {
      method: 'GET',
      path: '/calls',
      meaning: 'begins a chain as POST /process does with [], and answers with its call tree',
      contract: { parameters: traceParameters, answers: { 200: treeAnswer } },
      handler: (request, reply) => serve(request, reply, [app], true),
    },
  ];
}

/** Aborts when the exchange is over; while calls are under way for it, that is when its client leaves. */
function departureOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed) gone.abort();
  else raw.once('close', () => gone.abort());
  return gone.signal;
}
