import { callTreeType } from '../chain/call-tree.ts';
import { problems } from './problem.ts';

const text = { type: 'string' };
const milliseconds = { type: 'number', minimum: 0 };
const whole = { type: 'integer', minimum: 0 };
const orNull = (type: string) => ({ type: [type, 'null'] });
const listOf = (items: object) => ({ type: 'array', items });

export const ref = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });

/** An object with these properties, all of them required but `optional`. */
function record(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}

/** What the app takes and answers, by the names the OpenAPI document has for it. */
export const schemas = {
  Chain: {
    type: 'array',
    items: {},
    maxItems: 1000,
    description: 'Names of the apps a request passed; whatever else was in it stays',
  },
  CallError: {
    ...record({ code: text, detail: text }),
    description: 'What went wrong in a call',
  },
  Call: {
    ...record(
      {
        name: text,
        instance: { ...text, description: 'the replica that answered' },
        url: { ...text, description: 'where it was called' },
        status: { ...orNull('integer'), description: 'null where no whole answer came' },
        durationMs: { ...milliseconds, description: 'as its caller saw it' },
        ownMs: { ...milliseconds, description: 'without waiting for the apps it called' },
        error: { $ref: '#/components/schemas/CallError' },
        calls: listOf({ $ref: '#/components/schemas/Call' }),
      },
      ['instance', 'url', 'error'],
    ),
    description: 'A request and the calls it led to',
  },
  CallTree: record({
    chain: { $ref: '#/components/schemas/Chain' },
    traceId: { ...text, pattern: '^[0-9a-f]{32}$' },
    call: { $ref: '#/components/schemas/Call' },
  }),
  Problem: {
    ...record(
      {
        type: text,
        title: text,
        status: { type: 'integer' },
        code: { ...text, examples: Object.keys(problems) },
        app: text,
        detail: text,
        chain: { $ref: '#/components/schemas/Chain' },
        traceId: text,
        call: { $ref: '#/components/schemas/Call' },
        upstream: { type: 'object', description: 'the problem the destination answered with' },
      },
      ['detail', 'chain', 'traceId', 'call', 'upstream'],
    ),
    description: 'RFC 9457 problem details',
  },
  Info: record({
    name: text,
    version: text,
    instance: text,
    destination: orNull('string'),
    seed: { type: 'integer' },
    uptimeSeconds: whole,
    endpoints: listOf(record({ method: text, path: text, meaning: text })),
  }),
  Status: record({ status: text }),
  Live: record({
    name: text,
    version: text,
    instance: text,
    state: text,
    uptimeSeconds: whole,
    inFlight: whole,
    destination: orNull('string'),
    requestsPerSecond: { type: 'number', minimum: 0 },
    failedRatio: { type: 'number', minimum: 0, maximum: 1 },
    latencyMs: record({ p50: orNull('number'), p95: orNull('number'), p99: orNull('number') }),
    seconds: listOf(record({ requests: whole, p95Ms: orNull('number') })),
    latest: {
      anyOf: [
        record({ traceId: text, atSeconds: { type: 'number' }, call: { $ref: '#/components/schemas/Call' } }),
        { type: 'null' },
      ],
    },
    replicas: listOf(
      record(
        {
          name: text,
          instance: text,
          url: text,
          state: { enum: ['answering', 'failing', 'silent'] },
          calls: whole,
          failed: whole,
          lastStatus: orNull('integer'),
          lastOwnMs: milliseconds,
          lastError: { $ref: '#/components/schemas/CallError' },
          secondsAgo: whole,
        },
        ['instance', 'url', 'lastError'],
      ),
    ),
  }),
} as const;

/** Headers that make a request part of a trace; every work endpoint takes them. */
export const traceParameters = [
  ['traceparent', 'W3C Trace Context: the trace the request is part of'],
  ['tracestate', 'W3C Trace Context: what vendors carry along'],
  ['baggage', 'W3C Baggage, passed on to the destinations'],
].map(([name, description]) => ({ name, in: 'header', description, schema: text }));

export const treeAnswer = { [callTreeType]: ref('CallTree') };
