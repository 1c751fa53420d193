import type { RequestTrace } from '../tracing/request-trace.ts';
import { shareOfCalls } from './call-budget.ts';
import type { Call } from './call-tree.ts';
import { createUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';
import type { UpstreamFailure, UpstreamResult } from './upstream-answer.ts';

export const callModes = ['sequential', 'parallel'] as const;

/** What a failing destination does to the request: the request fails too, or is answered with the chain of the others. */
export const failurePolicies = ['fail', 'degrade'] as const;
type FailurePolicy = (typeof failurePolicies)[number];

export interface FanOutResult {
  /** The chain sent, then the entries each destination added to it, in the order of the list. */
  readonly chain: readonly unknown[];
  readonly calls: readonly Call[];
  /** Time from the first call to the last answer. */
  readonly waitedMs: number;
  /** Failure of the first destination in the list that failed, where a failure decides the answer. */
  readonly failure?: UpstreamFailure | undefined;
}

export type FanOut = ReturnType<typeof createFanOut>;

export interface FanOutOptions extends UpstreamOptions {
  readonly callMode: (typeof callModes)[number];
  readonly upstreamFailure: FailurePolicy;
}

/** All apps that this one calls. */
export function createFanOut(urls: readonly string[], options: FanOutOptions) {
  const { callMode, upstreamFailure } = options;
  const upstreams = urls.map((url) => createUpstream(url, options));
  return {
    destinations: upstreams.length,
    /**
     * Calls the destinations; settles within the timeout (times the number of destinations, where they are called in turn).
     * Rejects with the reason of `gone` when that aborts, and only then.
     */
    async call(
      chain: readonly unknown[],
      callsLeft: number,
      trace: RequestTrace,
      gone: AbortSignal,
    ): Promise<FanOutResult> {
      const startedMs = performance.now();
      const share = shareOfCalls(callsLeft, upstreams.length);
      const ask = (upstream: Upstream) => upstream.process(chain, share, trace, gone);
      const results =
        callMode === 'parallel'
          ? await Promise.all(upstreams.map(ask))
          : await inTurn(upstreams, ask, upstreamFailure);
      const failed = upstreamFailure === 'fail' ? results.find(({ failure }) => failure) : undefined;
      return {
        chain: joinChains(chain, results),
        calls: results.map(({ call }) => call),
        waitedMs: performance.now() - startedMs,
        failure: failed?.failure,
      };
    },
    async close() {
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}

/** Calls one destination after the other. Where a failure decides the answer, the first one ends it: no later answer could mend it. */
async function inTurn(
  upstreams: readonly Upstream[],
  ask: (upstream: Upstream) => Promise<UpstreamResult>,
  onFailure: FailurePolicy,
): Promise<UpstreamResult[]> {
  const results: UpstreamResult[] = [];
  for (const upstream of upstreams) {
    const result = await ask(upstream);
    results.push(result);
    if (result.failure !== undefined && onFailure === 'fail') break;
  }
  return results;
}

/** One chain out of the answers. Each answer begins with the chain that was sent, which is kept once. */
function joinChains(sent: readonly unknown[], results: readonly UpstreamResult[]): readonly unknown[] {
  const chains = results.flatMap((result) => (result.outcome === 'ok' ? [result.chain] : []));
  const [only] = chains;
  if (only !== undefined && results.length === 1) return only;
  const last = sent.length - 1;
  return [
    ...sent,
    ...chains.flatMap((chain) => (chain[last] === sent[last] ? chain.slice(last + 1) : chain)),
  ];
}
