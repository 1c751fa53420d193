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
  const told = new WeakSet<FastifyReply>();

  /** A request that this app fails, or whose client leaves, before anyone is called, is a tree of one. */
  const tellOfItAnyway = (request: FastifyRequest, reply: FastifyReply) => {
    reply.raw.once('close', () => {
      if (told.has(reply)) return;
      const { startedMs, span } = traces.of(request);
      const durationMs = roundMs(performance.now() - startedMs);
      const isAnswered = reply.raw.writableEnded;
      const detail = isAnswered ? 'this app failed the request by itself' : 'the client left';
      onCall(span.context.traceId, {
        name: app,
        instance,
        status: isAnswered ? reply.statusCode : null,
        durationMs,
        ownMs: durationMs,
        error: { code: isAnswered ? 'not-passed-on' : 'client-left', detail },
        calls: [],
      });
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
    told.add(reply);
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
    tellOfItAnyway(request, reply);
    if (fanOut !== undefined && left < fanOut.destinations)
      return sendProblem(reply, app, 'too-many-calls', { chain });
    const alone = { chain, calls: [], waitedMs: 0 };
    return work(reply, chain, () =>
      fanOut === undefined
        ? answer(request, reply, wantsTree, alone)
        : fanOut
            .call(chain, left, traces.of(request))
            .then((given) => answer(request, reply, wantsTree, given)),
    );
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
