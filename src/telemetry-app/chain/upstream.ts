import { Pool } from 'undici';
import { bounded } from '../../platform/deadline.ts';
import type { RequestTrace } from '../tracing/request-trace.ts';
import { type Call, callTreeType } from './call-tree.ts';
import { readAnswer, readFailure, type UpstreamResult } from './upstream-answer.ts';

/** Connections to one destination; more requests than that wait for a connection within their timeout. */
const maxConnections = 256;
/** A chain is a list of names and a tree of as many calls; a larger answer is neither. */
const maxAnswerBytes = 1024 * 1024;

/** How a call of a destination ended, for the metrics: well, by a kind of failure, or because the client left (`abandoned`). */
export type UpstreamOutcome = UpstreamResult['outcome'] | 'abandoned';

type Headers = Readonly<Record<string, string>>;

export type Upstream = ReturnType<typeof createUpstream>;

export interface UpstreamOptions {
  readonly timeoutMs: number;
  /** Called after every call; `status` is the HTTP status where a whole answer came. */
  readonly onFinished: (
    url: string,
    outcome: UpstreamOutcome,
    status: Call['status'],
    seconds: number,
  ) => void;
}

/** One app that this one calls. */
export function createUpstream(url: string, { timeoutMs, onFinished }: UpstreamOptions) {
  const { origin, pathname, search, hostname, port, protocol } = new URL(url);
  const pool = new Pool(origin, {
    connections: maxConnections,
    maxResponseSize: maxAnswerBytes,
    // The timeout of the whole call is the only one. The defaults of these two would end a call after five minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const spanStart = {
    name: 'POST',
    attributes: {
      'http.request.method': 'POST',
      'url.full': url,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    },
  };

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
    /**
     * Sends the chain on, with a span of its own, which the called app continues. Settles within the timeout, whatever the
     * destination does. Rejects when `gone` aborts, and only then.
     */
    async process(chain: readonly unknown[], share: Headers, trace: RequestTrace, gone: AbortSignal) {
      gone.throwIfAborted();
      const startedMs = performance.now();
      const span = trace.span.call(spanStart);
      const tookMs = () => performance.now() - startedMs;
      const finished = (outcome: UpstreamOutcome, status: Call['status'], error?: string) => {
        onFinished(url, outcome, status, tookMs() / 1000);
        span.end({ status: status ?? undefined, error });
      };
      // The bound is on the whole call: waiting for a connection, headers, and a body that drips.
      // `readFailure` knows a timeout by this name.
      const timedOut = () => new DOMException('timed out', 'TimeoutError');
      const bound = bounded(timeoutMs, { signal: gone, error: timedOut });
      try {
        const result = await post(chain, { ...share, ...trace.headersWithin(span) }, bound.signal).then(
          (answer) => readAnswer({ url, durationMs: tookMs(), ...answer }),
          (error: unknown) => {
            if (!gone.aborted)
              return readFailure({ url, durationMs: tookMs(), timeoutMs, maxAnswerBytes }, error);
            finished('abandoned', null, 'abandoned');
            throw gone.reason;
          },
        );
        finished(result.outcome, result.call.status, result.failure?.code);
        return result;
      } finally {
        bound.release();
      }
    },
    close: () => pool.destroy(),
  };
}
