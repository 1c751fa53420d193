import { Pool } from 'undici';
import { callTreeType } from './call-tree.ts';
import type { SpanStart } from './tracing.ts';
import { readAnswer, readFailure, type UpstreamResult } from './upstream-answer.ts';

/** Connections to one destination; more requests than that wait their turn within their timeout. */
const maxConnections = 256;
/** A chain is a list of names and a tree of as many calls; what is larger is neither. */
const maxAnswerBytes = 1024 * 1024;

/** How a call of a destination ended, for the metrics: `ok`, or the kind of its failure. */
export type UpstreamOutcome = 'ok' | 'failed' | 'unreachable' | 'timeout' | 'nonsense' | 'abandoned';

export interface Upstream {
  /** A call of it, as a span. */
  readonly spanStart: SpanStart;
  /** Sends the chain on; settles within the timeout, or when `gone` aborts, whatever the destination does, and never rejects. */
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

  const call = async (...[chain, headers, gone]: Parameters<Upstream['process']>) => {
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
      // The bound on the whole call: waiting for a connection, headers, and a body that drips.
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), gone]),
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
      const startedMs = performance.now();
      const answer = await call(chain, headers, gone).then(
        (given) => readAnswer(url, given, performance.now() - startedMs),
        (error: unknown) =>
          readFailure({ url, timeoutMs, maxAnswerBytes }, error, performance.now() - startedMs),
      );
      const outcome = answer.kind === 'chain' ? 'ok' : outcomes[answer.code];
      onFinished(outcome, answer.call.status, (performance.now() - startedMs) / 1000);
      return answer;
    },
    close: () => pool.destroy(),
  };
}

const outcomes = {
  'upstream-unreachable': 'unreachable',
  'upstream-timeout': 'timeout',
  'upstream-failed': 'failed',
  'upstream-nonsense': 'nonsense',
  'upstream-abandoned': 'abandoned',
} as const;
