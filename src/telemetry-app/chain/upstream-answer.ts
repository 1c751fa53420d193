import {
  type Call,
  type CallError,
  callTreeType,
  isRecord,
  nestsDeeperThan,
  readCall,
  roundMs,
} from './call-tree.ts';

type FailedOutcome = 'unreachable' | 'timeout' | 'failed' | 'nonsense';

/** Why a destination gave no chain. */
export interface UpstreamFailure {
  readonly code: `upstream-${FailedOutcome}`;
  readonly detail: string;
  /** The problem document the destination answered with, if it did. */
  readonly problem?: object;
}

export type UpstreamResult = { readonly call: Call } & (
  | { readonly outcome: 'ok'; readonly chain: readonly unknown[]; readonly failure?: undefined }
  | { readonly outcome: FailedOutcome; readonly failure: UpstreamFailure }
);

/** A call that was made: what its caller knows of it, whether a whole answer came or not. */
interface Made {
  readonly url: string;
  readonly durationMs: number;
  readonly status?: number;
  /** The replica that answered, as the answer names it. */
  readonly instance?: string | undefined;
}

export interface HttpAnswer extends Made {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** An entry of a chain that nests deeper is not a name. The limit is far below where printing it would exhaust the stack. */
const maxNesting = 32;
/** A problem quotes the problem of the next app, so problems nest as deep as a chain may be long (`call-budget.ts`). */
const maxNestedProblems = 256;

/** Error names of undici for an answer that is not valid HTTP: no HTTP at all, headers beyond 16 KiB, a body of another length than announced. */
const notHttp = new Set(['HTTPParserError', 'HeadersOverflowError', 'ResponseContentLengthMismatchError']);

/** Reads the answer of a destination: a chain, alone or with its tree, a problem, or nothing that makes sense. */
export function readAnswer(answer: HttpAnswer): UpstreamResult {
  const { url, status, text } = answer;
  const body = parseJson(text);
  if (status >= 400) return readProblem(answer, body);
  const fields = isRecord(body) ? body : {};
  // An array is a chain whatever its content type says; an object holds a chain only where its content type says so.
  const chain = answer.contentType.startsWith(callTreeType) ? fields['chain'] : body;
  if (status === 200 && Array.isArray(chain) && !nestsDeeperThan(maxNesting, chain)) {
    return { outcome: 'ok', chain, call: seen(answer, readCall(fields['call'])) };
  }
  const detail = `${url} answered with status ${status} and a body that is no JSON array: ${text.slice(0, 80)}`;
  return failed(answer, 'nonsense', detail);
}

/** The result of a call to which no whole answer came. */
export function readFailure(
  { timeoutMs, maxAnswerBytes, ...made }: Made & { timeoutMs: number; maxAnswerBytes: number },
  error: unknown,
): UpstreamResult {
  const { url } = made;
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError') return failed(made, 'timeout', `${url} did not answer within ${timeoutMs} ms`);
  if (name === 'ResponseExceededMaxSizeError') {
    return failed(made, 'nonsense', `${url} answered with more than ${maxAnswerBytes} bytes`);
  }
  return notHttp.has(name)
    ? failed(made, 'nonsense', `${url} does not speak HTTP: ${String(error)}`)
    : failed(made, 'unreachable', `${url}: ${String(error)}`);
}

/** The tree of a problem becomes part of this app's tree and is not quoted: quoted at every hop it would grow with the square of the chain. */
function readProblem(answer: HttpAnswer, body: unknown): UpstreamResult {
  const { call: reported, ...problem } = isRecord(body) ? body : {};
  const detail = `${answer.url} answered with status ${answer.status}`;
  const isQuotable = isRecord(body) && !nestsDeeperThan(maxNestedProblems, problem);
  const failure = { code: 'upstream-failed', detail, ...(isQuotable ? { problem } : {}) } as const;
  const call = seen(answer, readCall(reported));
  const error = call.error ?? problemOf(problem) ?? { code: failure.code, detail };
  const name = typeof problem['app'] === 'string' ? problem['app'].slice(0, 100) : call.name;
  return { outcome: 'failed', failure, call: { ...call, name, error } };
}

function failed(made: Made, outcome: FailedOutcome, detail: string): UpstreamResult {
  const error = { code: `upstream-${outcome}`, detail } as const;
  return { outcome, failure: error, call: { ...seen(made), error } };
}

/** The call as the called app reported it, where it did, with the address, status and duration that only the caller knows. */
function seen({ url, durationMs: exactMs, status, instance }: Made, reported?: Call): Call {
  const durationMs = roundMs(exactMs);
  const base = reported ?? {
    name: new URL(url).host,
    ...(instance === undefined ? {} : { instance: instance.slice(0, 100) }),
    ownMs: durationMs,
    calls: [],
  };
  return { ...base, url, status: status ?? null, durationMs };
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
