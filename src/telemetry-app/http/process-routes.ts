import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import { callsLeft } from '../chain/call-budget.ts';
import { type CallError, callTreeType, nestsDeeperThan, roundMs } from '../chain/call-tree.ts';
import type { FanOut, FanOutResult } from '../chain/fan-out.ts';
import type { LiveView } from '../page/live-view.ts';
import type { RequestTrace } from '../tracing/request-trace.ts';
import { departureOf } from './client-left.ts';
import { described } from './described.ts';
import { Problem, problems } from './problem.ts';
import type { Work } from './work.ts';

/** A chain that was passed from app to app this often is a loop, even where something between the apps removes headers. */
const longestChain = 1_000;
/** Entries are names or small things; printing one that nests without end would exhaust the stack. */
const deepestEntry = 32;

const noCalls = { calls: [], waitedMs: 0 };
const notPassedOn = { code: 'not-passed-on', detail: 'this app failed the request by itself' };

const text = (description: string) => Type.Optional(Type.String({ description }));
/** Headers that make a request part of a trace. */
const TraceHeaders = Type.Object({
  traceparent: text('W3C Trace Context: the trace the request is part of'),
  tracestate: text('W3C Trace Context: state of tracing vendors'),
  baggage: text('W3C Baggage, passed on to the destinations'),
});
const Chain = refTo<unknown>('Chain');
const tree = { [callTreeType]: { schema: refTo<unknown>('CallTree') } };

export interface ProcessOptions {
  readonly app: string;
  /** The replica that answers. */
  readonly instance: string;
  readonly work: Work;
  /** Undefined: the chain ends at this app. */
  readonly fanOut: FanOut | undefined;
  /** Called with every call tree. */
  readonly onCall: LiveView['called'];
}

/** `POST /process`, which passes a chain on, and `GET /calls`, which begins one and answers with its call tree. */
export function registerProcessRoutes(server: TypedInstance, options: ProcessOptions): void {
  const { app } = options;
  const process = createProcess(options);
  server.post(
    '/process',
    described(
      'takes a JSON array, appends the name of this app, passes it on to the destinations, answers with the chain',
      { 200: { content: { 'application/json': { schema: Chain }, ...tree } } },
      { headers: TraceHeaders, body: Chain },
    ),
    (request, reply) => {
      const { body, headers } = request;
      if (!Array.isArray(body)) throw new Problem('not-an-array');
      if (body.length >= longestChain) throw new Problem('chain-too-long');
      if (nestsDeeperThan(deepestEntry, body)) throw new Problem('chain-too-deep');
      return process(request, reply, [...body, app], headers.accept?.includes(callTreeType) === true);
    },
  );
  server.get(
    '/calls',
    described(
      'begins a chain as POST /process does with [], and answers with its call tree',
      { 200: { content: tree } },
      { headers: TraceHeaders },
    ),
    (request, reply) => process(request, reply, [app], true),
  );
}

/** Makes the function that serves a request with a chain, to which this app's name is already appended. */
function createProcess({ app, instance, work, fanOut, onCall }: ProcessOptions) {
  /** Makes the call of this request for the call tree, once its outcome is known, and passes it to the page. */
  const endCall = (
    trace: RequestTrace,
    status: number,
    { calls, waitedMs }: Pick<FanOutResult, 'calls' | 'waitedMs'>,
    error?: CallError,
  ) => {
    const endedMs = performance.now();
    const durationMs = endedMs - trace.startedMs;
    // Two literals, because a conditional spread inside one takes a twentieth of the request's CPU time.
    const ownMs = roundMs(Math.max(0, durationMs - waitedMs));
    const served = { name: app, instance, status, durationMs: roundMs(durationMs), ownMs };
    const call = error === undefined ? { ...served, calls } : { ...served, error, calls };
    onCall(call, trace, endedMs);
    return call;
  };

  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    chain: readonly unknown[],
    wantsTree: boolean,
  ): Promise<unknown> => {
    const { headers, trace } = request;
    const left = callsLeft(headers);
    if (fanOut !== undefined && left < fanOut.destinations) throw new Problem('too-many-calls', { chain });

    let end: () => void;
    try {
      end = await work(request, reply, chain);
    } catch (error) {
      if (error instanceof Problem) endCall(trace, error.status, noCalls, notPassedOn);
      throw error;
    }
    try {
      const result: FanOutResult =
        fanOut === undefined
          ? { chain, ...noCalls }
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
      end();
    }
  };
}
