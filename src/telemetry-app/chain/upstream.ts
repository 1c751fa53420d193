import { Pool } from 'undici';
import type { SpanStart } from '../tracing/tracing.ts';
import { callTreeType } from './call-tree.ts';
import { readAnswer, readFailure, type UpstreamResult } from './upstream-answer.ts';

/** Connections to one destination; more requests than that wait their turn within their timeout. */
const maxConnections = 256;
/** A chain is a list of names and a tree of as many calls; what is larger is neither. */
const maxAnswerBytes = 1024 * 1024;

/** How a call of a destination ended, for the metrics: `ok`, the kind of its failure, or that nobody waited for it any more. */
export type UpstreamOutcome = 'ok' | 'failed' | 'unreachable' | 'timeout' | 'nonsense' | 'abandoned';

export interface Upstream {
  /** A call of it, as a span. */
  readonly spanStart: SpanStart;
  /** Sends the chain on; settles within the timeout, whatever the destination does. Rejects when `gone` aborts, and only then. */
  process(
    chain: readonly unknown[],
    headers: Readonly<Record<string, string>>,
    gone: AbortSignal,
  ): Promise<UpstreamResult>;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Called after every call; `status` is the HTTP status where a whole answer came. */
  readonly onFinished: (outcome: UpstreamOutcome, status: number | null, seconds: number) => void;
}

/** One app this one calls. */
export function createUpstream({ url, timeoutMs, onFinished }: UpstreamOptions): Upstream {
  const { origin, pathname, search, hostname, port, protocol } = new URL(url);
  const pool = new Pool(origin, {
    connections: maxConnections,
    maxResponseSize: maxAnswerBytes,
    // The timeout of the whole call is the only one; of their own accord these two would end it after five minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const call = async (
    chain: readonly unknown[],
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => {
    const {
      statusCode,
      headers: answered,
      body,
    } = await pool.request({
      path: pathname + search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: `${callTreeType}, application/json;q=0.9`,
        ...headers,
      },
      body: JSON.stringify(chain),
      signal,
    });
    return {
      status: statusCode,
      contentType: String(answered['content-type'] ?? ''),
      instance: answered['x-app-instance']?.toString(),
      text: await body.text(),
    };
  };

  return {
    spanStart: {
      name: 'POST',
      attributes: {
        'http.request.method': 'POST',
        'url.full': url,
        'server.address': hostname,
        'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      },
    },
    async process(chain, headers, gone) {
      gone.throwIfAborted();
      const startedMs = performance.now();
      const tookMs = () => performance.now() - startedMs;
      const bound = boundOf(timeoutMs, gone);
      try {
        const answer = await call(chain, headers, bound.signal).then(
          (given) => readAnswer(url, given, tookMs()),
          (error: unknown) => {
            if (!gone.aborted) return readFailure({ url, timeoutMs, maxAnswerBytes }, error, tookMs());
            onFinished('abandoned', null, tookMs() / 1000);
            throw error;
          },
        );
        const outcome = answer.kind === 'chain' ? 'ok' : outcomes[answer.code];
        onFinished(outcome, answer.call.status, tookMs() / 1000);
        return answer;
      } finally {
        bound.release();
      }
    },
    close: () => pool.destroy(),
  };
}

/**
 * The bound on a whole call: waiting for a connection, headers, and a body that drips. Released, it holds nothing any more;
 * `AbortSignal.any` with a timeout holds a call that is long over until that passes.
 */
function boundOf(timeoutMs: number, gone: AbortSignal) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new DOMException('timed out', 'TimeoutError')), timeoutMs);
  const leave = () => ending.abort(gone.reason);
  gone.addEventListener('abort', leave);
  return {
    signal: ending.signal,
    release() {
      clearTimeout(timer);
      gone.removeEventListener('abort', leave);
    },
  };
}

const outcomes = {
  'upstream-unreachable': 'unreachable',
  'upstream-timeout': 'timeout',
  'upstream-failed': 'failed',
  'upstream-nonsense': 'nonsense',
} as const;
