import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';

/** Connections to the next app; more requests than that wait their turn within their timeout. */
const maxConnections = 256;
/** A chain is a list of names; what is larger is no chain. */
const maxAnswerBytes = 1024 * 1024;
/**
 * W3C Trace Context: passed on as received, so that one trace spans the chain even where nothing records it.
 */
const headersPassedOn = ['traceparent', 'tracestate'] as const;

interface UpstreamFailure {
  readonly kind: 'failed';
  readonly code: 'upstream-unreachable' | 'upstream-timeout' | 'upstream-failed' | 'upstream-nonsense';
  readonly detail: string;
  /** The problem document the upstream answered with, if it did. */
  readonly problem?: unknown;
}

type UpstreamAnswer = { readonly kind: 'chain'; readonly chain: readonly unknown[] } | UpstreamFailure;

export interface Upstream {
  /** Sends the chain on; settles within the timeout, whatever the next app does, and never rejects. */
  process(chain: readonly unknown[], headers: IncomingHttpHeaders): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Called after every call with the status, or the kind of failure where there was none. */
  readonly onFinished: (status: string, seconds: number) => void;
}

/** The next app of the chain. */
export function createUpstream({ url, timeoutMs, onFinished }: UpstreamOptions): Upstream {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: maxConnections, maxResponseSize: maxAnswerBytes });

  const call = async (chain: readonly unknown[], headers: IncomingHttpHeaders) => {
    const { statusCode, body } = await pool.request({
      path: pathname + search,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...passedOn(headers) },
      body: JSON.stringify(chain),
      // The bound on the whole call: waiting for a connection, headers, and a body that drips.
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: statusCode, text: await body.text() };
  };

  return {
    async process(chain, headers) {
      const startedMs = performance.now();
      const finished = (status: string) => onFinished(status, (performance.now() - startedMs) / 1000);
      try {
        const { status, text } = await call(chain, headers);
        finished(String(status));
        return readAnswer(url, status, text);
      } catch (error) {
        const failure = readFailure(url, timeoutMs, error);
        finished(failure.code.replace('upstream-', ''));
        return failure;
      }
    },
    close: () => pool.destroy(),
  };
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const name of headersPassedOn) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function readAnswer(url: string, status: number, text: string): UpstreamAnswer {
  const answer = parseJson(text);
  if (status >= 400) {
    const detail = `${url} answered with status ${status}`;
    return {
      kind: 'failed',
      code: 'upstream-failed',
      detail,
      ...(isObject(answer) ? { problem: answer } : {}),
    };
  }
  if (status === 200 && Array.isArray(answer)) return { kind: 'chain', chain: answer };
  const detail = `${url} answered with status ${status} and a body that is no JSON array: ${text.slice(0, 80)}`;
  return { kind: 'failed', code: 'upstream-nonsense', detail };
}

function readFailure(url: string, timeoutMs: number, error: unknown): UpstreamFailure {
  const name = error instanceof Error ? error.name : undefined;
  if (name === 'TimeoutError') {
    return {
      kind: 'failed',
      code: 'upstream-timeout',
      detail: `${url} did not answer within ${timeoutMs} ms`,
    };
  }
  if (name === 'ResponseExceededMaxSizeError') {
    const detail = `${url} answered with more than ${maxAnswerBytes} bytes`;
    return { kind: 'failed', code: 'upstream-nonsense', detail };
  }
  if (name === 'HTTPParserError') {
    return {
      kind: 'failed',
      code: 'upstream-nonsense',
      detail: `${url} does not speak HTTP: ${String(error)}`,
    };
  }
  return { kind: 'failed', code: 'upstream-unreachable', detail: `${url}: ${String(error)}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
