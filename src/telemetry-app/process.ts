import type { FastifyReply, FastifyRequest } from 'fastify';
import { callsLeft } from './call-budget.ts';
import { type Call, callTreeType, roundMs } from './call-tree.ts';
import type { Endpoint } from './endpoint.ts';
import type { FanOut, FanOutResult } from './fan-out.ts';
import { ref, traceParameters, treeAnswer } from './openapi-schemas.ts';
import { problemStatus, sendProblem } from './problem.ts';
import type { RequestTraces } from './request-trace.ts';
import { nestsDeeperThan } from './upstream-answer.ts';
import type { Work } from './work.ts';

/** A chain that was passed from app to app this often is a loop, even where something strips their headers. */
const longestChain = 1_000;
/** Entries are names, or small things; printing what nests without end would exhaust the stack. */
const deepestEntry = 32;

export interface ProcessOptions {
  readonly app: string;
  /** The replica that answers. */
  readonly instance: string;
  readonly work: Work;
  /** None: the chain ends here. */
  readonly fanOut: FanOut | undefined;
  readonly traces: RequestTraces;
  /** Told every tree that is answered with. */
  readonly onCall: (traceId: string, call: Call) => void;
}

/** `POST /process`, which passes a chain on, and `GET /calls`, which begins one and answers with its tree. */
export function processEndpoints(options: ProcessOptions): Endpoint[] {
  const { app, instance, work, fanOut, traces, onCall } = options;
  /** A request that this app fails before anyone is called is a tree of one. */
  const tellOfFailure = (request: FastifyRequest, reply: FastifyReply) => {
    const { startedMs, span } = traces.of(request);
    const durationMs = roundMs(performance.now() - startedMs);
    onCall(span.context.traceId, {
      name: app,
      instance,
      status: reply.statusCode,
      durationMs,
      ownMs: durationMs,
      error: { code: 'not-passed-on', detail: 'this app failed the request by itself' },
      calls: [],
    });
  };

  const answer = (request: FastifyRequest, reply: FastifyReply, wantsTree: boolean, given: FanOutResult) => {
    const { startedMs, span } = traces.of(request);
    const { chain, calls, waitedMs, failure } = given;
    const durationMs = performance.now() - startedMs;
    const { traceId } = span.context;
    const call: Call = {
      name: app,
      instance,
      status: failure === undefined ? 200 : problemStatus(failure.code),
      durationMs: roundMs(durationMs),
      ownMs: roundMs(Math.max(0, durationMs - waitedMs)),
      ...(failure === undefined ? {} : { error: { code: failure.code, detail: failure.detail } }),
      calls,
    };
    onCall(traceId, call);
    if (failure !== undefined) {
      const { code, detail, problem } = failure;
      const quoted = problem === undefined ? {} : { upstream: problem };
      return sendProblem(reply, app, code, { detail, chain, ...quoted, traceId, call });
    }
    return wantsTree ? reply.type(callTreeType).send(JSON.stringify({ chain, traceId, call })) : chain;
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
      if (fanOut === undefined) return answer(request, reply, wantsTree, { chain, calls: [], waitedMs: 0 });
      const called = fanOut.call(chain, left, traces.of(request));
      return called.then((given) => answer(request, reply, wantsTree, given));
    });
    const finish = (given: unknown) => {
      if (!isPassedOn) tellOfFailure(request, reply);
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
