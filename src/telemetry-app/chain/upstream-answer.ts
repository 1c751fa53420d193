import {
  type Call,
  type CallError,
  callTreeType,
  isRecord,
  nestsDeeperThan,
  readCall,
  roundMs,
} from './call-tree.ts';

/** Why a destination gave no chain. */
export interface UpstreamFailure {
  readonly code: 'upstream-unreachable' | 'upstream-timeout' | 'upstream-failed' | 'upstream-nonsense';
  readonly detail: string;
  /** The problem document the destination answered with, if it did. */
  readonly problem?: object;
}

export type UpstreamResult = { readonly call: Call } & (
  | { readonly kind: 'chain'; readonly chain: readonly unknown[] }
  | ({ readonly kind: 'failed' } & UpstreamFailure)
);

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** The replica that answered, as the answer names it. */
  readonly instance: string | undefined;
  readonly text: string;
}

/** An entry of a chain that nests deeper is not a name. The limit is far below where printing it would exhaust the stack. */
const maxNesting = 32;
/** A problem quotes the problem of the next app, so problems nest as deep as a chain may be long (`call-budget.ts`). */
const maxNestedProblems = 256;

/** Error names of undici for an answer that is not valid HTTP: no HTTP at all, headers beyond 16 KiB, a body of another length than announced. */
const notHttp = new Set(['HTTPParserError', 'HeadersOverflowError', 'ResponseContentLengthMismatchError']);

/** Reads the answer of a destination: a chain, alone or with its tree, a problem, or nothing that makes sense. */
export function readAnswer(url: string, answer: HttpAnswer, durationMs: number): UpstreamResult {
  const { status, text } = answer;
  const body = parseJson(text);
  const fields = isRecord(body) ? body : undefined;
  if (status >= 400) return readProblem(url, answer, fields, durationMs);
  // An array is a chain whatever its content type says; an object holds a chain only where its content type says so.
  const chain = answer.contentType.startsWith(callTreeType) ? fields?.['chain'] : body;
  if (status === 200 && Array.isArray(chain) && !nestsDeeperThan(maxNesting, chain)) {
    const reported = readCall(fields?.['call']);
    return { kind: 'chain', chain, call: seen(url, answer, durationMs, reported) };
  }
  const detail = `${url} answered with status ${status} and a body that is no JSON array: ${text.slice(0, 80)}`;
  return failed(url, answer, durationMs, { code: 'upstream-nonsense', detail });
}

/** The result of a call to which no whole answer came. */
export function readFailure(
  { url, timeoutMs, maxAnswerBytes }: { url: string; timeoutMs: number; maxAnswerBytes: number },
  error: unknown,
  durationMs: number,
): UpstreamResult {
  const noAnswer = { status: null, instance: undefined };
  const failure = (code: UpstreamFailure['code'], detail: string) =>
    failed(url, noAnswer, durationMs, { code, detail });
  const name = error instanceof Error ? error.name : undefined;
  if (name === 'TimeoutError')
    return failure('upstream-timeout', `${url} did not answer within ${timeoutMs} ms`);
  if (name === 'ResponseExceededMaxSizeError') {
    return failure('upstream-nonsense', `${url} answered with more than ${maxAnswerBytes} bytes`);
  }
  if (name !== undefined && notHttp.has(name)) {
    return failure('upstream-nonsense', `${url} does not speak HTTP: ${String(error)}`);
  }
  return failure('upstream-unreachable', `${url}: ${String(error)}`);
}

/** The tree of a problem becomes part of this app's tree and is not quoted: quoted at every hop it would grow with the square of the chain. */
function readProblem(
  url: string,
  answer: HttpAnswer,
  fields: Readonly<Record<string, unknown>> | undefined,
  durationMs: number,
): UpstreamResult {
  const { call: reported, ...problem } = fields ?? {};
  const detail = `${url} answered with status ${answer.status}`;
  const isQuotable = fields !== undefined && !nestsDeeperThan(maxNestedProblems, problem);
  const failure = { code: 'upstream-failed', detail, ...(isQuotable ? { problem } : {}) } as const;
  const call = seen(url, answer, durationMs, readCall(reported));
  const error = call.error ?? problemOf(problem) ?? { code: failure.code, detail };
  const name = typeof problem['app'] === 'string' ? problem['app'].slice(0, 100) : call.name;
  return { kind: 'failed', ...failure, call: { ...call, name, error } };
}

function failed(
  url: string,
  answer: { readonly status: number | null; readonly instance: string | undefined },
  durationMs: number,
  failure: UpstreamFailure,
): UpstreamResult {
  const { code, detail } = failure;
  return { kind: 'failed', ...failure, call: { ...seen(url, answer, durationMs), error: { code, detail } } };
}

/** The call as the called app reported it, where it did, with the address, status and duration that only the caller knows. */
function seen(
  url: string,
  { status, instance }: { readonly status: number | null; readonly instance: string | undefined },
  durationMs: number,
  reported?: Call,
): Call {
  const duration = roundMs(durationMs);
  const base = reported ?? {
    name: new URL(url).host,
    ...(instance === undefined ? {} : { instance: instance.slice(0, 100) }),
    ownMs: duration,
    calls: [],
  };
  return { ...base, url, status, durationMs: duration };
}

function problemOf(problem: Readonly<Record<string, unknown>>): CallError | undefined {
  const { code, detail, title } = problem;
  if (typeof code !== 'string') return undefined;
  return { code: code.slice(0, 100), detail: String(detail ?? title ?? '').slice(0, 300) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
