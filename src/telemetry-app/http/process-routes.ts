import { Type } from 'typebox';
import { refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import { callTreeType, nestsDeeperThan } from '../chain/call-tree.ts';
import { Problem } from './problem.ts';
import type { Process } from './process.ts';

/** A chain that was passed from app to app this often is a loop, even where something between the apps removes headers. */
const longestChain = 1_000;
/** Entries are names or small things; printing one that nests without end would exhaust the stack. */
const deepestEntry = 32;

/** Headers that make a request part of a trace. */
const TraceHeaders = Type.Object({
  traceparent: Type.Optional(
    Type.String({ description: 'W3C Trace Context: the trace the request is part of' }),
  ),
  tracestate: Type.Optional(Type.String({ description: 'W3C Trace Context: state of tracing vendors' })),
  baggage: Type.Optional(Type.String({ description: 'W3C Baggage, passed on to the destinations' })),
});

const tree = { [callTreeType]: { schema: refTo<unknown>('CallTree') } };

/** `POST /process`, which passes a chain on, and `GET /calls`, which begins one and answers with its call tree. */
export function registerProcessRoutes(server: TypedInstance, app: string, process: Process): void {
  server.post(
    '/process',
    {
      schema: {
        summary:
          'takes a JSON array, appends the name of this app, passes it on to the destinations, answers with the chain',
        headers: TraceHeaders,
        body: refTo<unknown>('Chain'),
        response: { 200: { content: { 'application/json': { schema: refTo<unknown>('Chain') }, ...tree } } },
      },
    },
    (request, reply) => {
      const { body, headers } = request;
      if (!Array.isArray(body)) throw new Problem('not-an-array');
      if (body.length >= longestChain) throw new Problem('chain-too-long');
      if (nestsDeeperThan(deepestEntry, body)) throw new Problem('chain-too-deep');
      const wantsTree = headers.accept?.includes(callTreeType) === true;
      return process(request, reply, { chain: [...body, app], wantsTree });
    },
  );
  server.get(
    '/calls',
    {
      schema: {
        summary: 'begins a chain as POST /process does with [], and answers with its call tree',
        headers: TraceHeaders,
        response: { 200: { content: tree } },
      },
    },
    (request, reply) => process(request, reply, { chain: [app], wantsTree: true }),
  );
}
