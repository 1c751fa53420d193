import { Pool } from 'undici';
import { bounded } from '../../platform/deadline.ts';
import type { SpanStart } from '../tracing/tracing.ts';
import { callTreeType } from './call-tree.ts';
import { readAnswer, readFailure, type UpstreamResult } from './upstream-answer.ts';

/** Connections to one destination; more requests than that wait for a connection within their timeout. */
const maxConnections = 256;
/** A chain is a list of names and a tree of as many calls; a larger answer is neither. */
const maxAnswerBytes = 1024 * 1024;

/** How a call of a destination ended, for the metrics: well, by a kind of failure, or because the client left (`abandoned`). */
export type UpstreamOutcome = 'ok' | 'failed' | 'unreachable' | 'timeout' | 'nonsense' | 'abandoned';

type Headers = Readonly<Record<string, string>>;

export type Upstream = ReturnType<typeof createUpstream>;

export interface UpstreamOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Called after every call; `status` is the HTTP status where a whole answer came. */
  readonly onFinished: (outcome: UpstreamOutcome, status: number | null, seconds: number) => void;
}

/** One app that this one calls. */
export function createUpstream({ url, timeoutMs, onFinished }: UpstreamOptions) {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, {
    connections: maxConnections,
    maxResponseSize: maxAnswerBytes,
    // The timeout of the whole call is the only one. The defaults of these two would end a call after five minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const post = async (chain: readonly unknown[], headers: Headers, signal: AbortSignal) => {
    const accept = `${callTreeType}, application/json;q=0.9`;
    const answer = await pool.request({
      path: pathname + search,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, ...headers },
      body: JSON.stringify(chain),
      signal,
    });
    return {
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      instance: answer.headers['x-app-instance']?.toString(),
      text: await answer.body.text(),
    };
  };

  return {
    /** Name and attributes of the span of a call. */
    spanStart: spanStart(url),
    /** Sends the chain on; settles within the timeout, whatever the destination does. Rejects when `gone` aborts, and only then. */
    async process(chain: readonly unknown[], headers: Headers, gone: AbortSignal): Promise<UpstreamResult> {
      gone.throwIfAborted();
      const startedMs = performance.now();
      const tookMs = () => performance.now() - startedMs;
      // The bound is on the whole call: waiting for a connection, headers, and a body that drips.
      const bound = bounded(timeoutMs, { signal: gone, error: timedOut });
      try {
        const answer = await post(chain, headers, bound.signal).then(
          (given) => readAnswer(url, given, tookMs()),
          (error: unknown) => {
            if (!gone.aborted) return readFailure({ url, timeoutMs, maxAnswerBytes }, error, tookMs());
            onFinished('abandoned', null, tookMs() / 1000);
            throw gone.reason;
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

function spanStart(url: string): SpanStart {
  const { hostname, port, protocol } = new URL(url);
  return {
    name: 'POST',
    attributes: {
      'http.request.method': 'POST',
      'url.full': url,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    },
  };
}

/** `readFailure` knows a timeout by this name. */
function timedOut(): DOMException {
  return new DOMException('timed out', 'TimeoutError');
}

const outcomes = {
  'upstream-unreachable': 'unreachable',
  'upstream-timeout': 'timeout',
  'upstream-failed': 'failed',
  'upstream-nonsense': 'nonsense',
} as const;
