import { Type } from 'typebox';
import { type Answer, refTo } from '../../platform/http/typed-routes.ts';

const Milliseconds = (description: string) => Type.Number({ minimum: 0, description });

export const CallErrorSchema = Type.Object(
  {
    code: Type.String({
      description: 'a code of this app (docs/telemetry-app.md), or of the app that was called',
    }),
    detail: Type.String(),
  },
  { $id: 'CallError', description: 'What went wrong in a call' },
);

export type CallError = Answer<typeof CallErrorSchema>;

const callFields = {
  name: Type.String({ description: 'name of the app, or the host that was called where it gave no name' }),
  instance: Type.Optional(Type.String({ description: 'the replica that answered' })),
  url: Type.Optional(Type.String({ description: 'where it was called; the first call of a tree has none' })),
  status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'HTTP status; null where no whole answer came',
  }),
  durationMs: Milliseconds('as its caller saw it, network included; of the first call, until its answer'),
  ownMs: Milliseconds('time of its own, without waiting for the apps it called'),
  error: Type.Optional(refTo<CallError>('CallError')),
};
const CallFieldsSchema = Type.Object(callFields);

/** A request and the calls it led to: who served it, what came of it, and where its time went. */
export interface Call extends Answer<typeof CallFieldsSchema> {
  readonly calls: readonly Call[];
}

export const CallSchema = Type.Object(
  { ...callFields, calls: Type.Array(refTo<Call>('Call')) },
  { $id: 'Call', description: 'A request and the calls it led to' },
);

export const ChainSchema = Type.Array(Type.Unknown(), {
  $id: 'Chain',
  maxItems: 1000,
  description: 'Names of the apps a request passed; whatever else was in it stays',
});

export const CallTreeSchema = Type.Object(
  {
    chain: refTo<unknown[]>('Chain'),
    traceId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    call: refTo<Call>('Call'),
  },
  { $id: 'CallTree' },
);

/** Media type of a call tree. A client that accepts it gets the tree around the chain; apps ask each other so. */
export const callTreeType = 'application/vnd.telemetry-app.call+json';

/** A longer text is neither a name nor an address. */
const maxTextCharacters = 300;
/** More calls than a request can lead to (`call-budget.ts`): a larger tree was not made by this app. */
const maxCalls = 1_000;
const maxDepth = 256;

/** A call as another app reported it; undefined when it is not a call, has too many calls, or nests too deep. */
export function readCall(value: unknown, budget = { calls: maxCalls }, depth = maxDepth): Call | undefined {
  if (!isRecord(value) || depth === 0 || --budget.calls < 0) return undefined;
  const { name, instance, url, status, durationMs, ownMs, error, calls } = value;
  if (typeof name !== 'string' || !isTime(durationMs) || !isTime(ownMs) || !Array.isArray(calls))
    return undefined;
  if (status !== null && !isInteger(status)) return undefined;
  const inner: Call[] = [];
  for (const call of calls) {
    const read = readCall(call, budget, depth - 1);
    if (read === undefined) return undefined;
    inner.push(read);
  }
  return {
    name: cut(name),
    ...(typeof instance === 'string' ? { instance: cut(instance) } : {}),
    ...(typeof url === 'string' ? { url: cut(url) } : {}),
    status,
    durationMs,
    ownMs,
    ...readError(error),
    calls: inner,
  };
}

/** Milliseconds to the hundredth: more digits would only be noise in an answer that people read. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

/** Whether a value out of JSON.parse nests deeper than `levels`; looks no deeper than that. */
export function nestsDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const entry of Array.isArray(value) ? value : Object.values(value)) {
    if (nestsDeeperThan(levels - 1, entry)) return true;
  }
  return false;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readError(value: unknown): { readonly error?: CallError } {
  if (!isRecord(value) || typeof value['code'] !== 'string') return {};
  const detail = typeof value['detail'] === 'string' ? value['detail'] : '';
  return { error: { code: cut(value['code']), detail: cut(detail) } };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function cut(text: string): string {
  return text.length <= maxTextCharacters ? text : `${text.slice(0, maxTextCharacters - 1)}…`;
}
