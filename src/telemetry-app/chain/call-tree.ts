/** What went wrong in a call. */
export interface CallError {
  /** A code of `problem.ts`, the callee's own where it gave one. */
  readonly code: string;
  readonly detail: string;
}

/** A request and the calls it led to: who served it, what came of it, and where its time went. */
export interface Call {
  /** Name of the app; the host it was sought at where it did not say. */
  readonly name: string;
  /** The replica that answered. */
  readonly instance?: string;
  /** Where it was called; the first of a tree was called by the reader. */
  readonly url?: string;
  /** HTTP status it answered with; null where no whole answer came. */
  readonly status: number | null;
  /** As the caller saw it, network included; of the first of a tree, up to its answer. */
  readonly durationMs: number;
  /** Time of its own, without waiting for the apps it called. */
  readonly ownMs: number;
  readonly error?: CallError;
  readonly calls: readonly Call[];
}

/** What asks for the tree around the chain, `Accept: application/vnd.telemetry-app.call+json`; apps ask each other so. */
export const callTreeType = 'application/vnd.telemetry-app.call+json';

/** Longer texts are no names and no addresses. */
const maxTextCharacters = 300;
/** More than a request can lead to (`call-budget.ts`): what is beyond was not made by this app. */
const maxCalls = 1_000;
const maxDepth = 256;

/** A call as another app told it; undefined when it is none, has too many calls, or nests too deep. */
export function readCall(value: unknown): Call | undefined {
  const budget = { calls: maxCalls };
  return readNode(value, budget, maxDepth);
}

/** Milliseconds to the hundredth: more digits would only be noise in an answer people read. */
export function roundMs(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

function readNode(value: unknown, budget: { calls: number }, depth: number): Call | undefined {
  if (!isRecord(value) || depth === 0 || --budget.calls < 0) return undefined;
  const { name, instance, url, status, durationMs, ownMs, error, calls } = value;
  if (typeof name !== 'string' || !isTime(durationMs) || !isTime(ownMs) || !Array.isArray(calls))
    return undefined;
  if (status !== null && !Number.isInteger(status)) return undefined;
  const inner: Call[] = [];
  for (const call of calls) {
    const read = readNode(call, budget, depth - 1);
    if (read === undefined) return undefined;
    inner.push(read);
  }
  return {
    name: cut(name),
    ...(typeof instance === 'string' ? { instance: cut(instance) } : {}),
    ...(typeof url === 'string' ? { url: cut(url) } : {}),
    status: status as number | null,
    durationMs,
    ownMs,
    ...readError(error),
    calls: inner,
  };
}

function readError(value: unknown): { readonly error?: CallError } {
  if (!isRecord(value) || typeof value['code'] !== 'string') return {};
  const detail = typeof value['detail'] === 'string' ? value['detail'] : '';
  return { error: { code: cut(value['code']), detail: cut(detail) } };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  return text.length <= maxTextCharacters ? text : `${text.slice(0, maxTextCharacters - 1)}…`;
}
