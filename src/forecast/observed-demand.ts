import type { HistorySource } from '../history/source.ts';
import type { DemandQuery } from './demand-query.ts';

/** Demand at a moment, or why it is missing. */
export type ObservedDemand =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * Asks the source for demand as of `atSeconds`. An empty answer is missing data unless the user says that it is zero or no
 * replica is there to report any. NaN and infinity (a ratio without a denominator) are always missing: there is demand, and it
 * is not known.
 */
export async function readObservedDemand(
  { query, replicasQuery, emptyIsZero }: DemandQuery,
  source: HistorySource,
  atSeconds: number,
  signal: AbortSignal,
): Promise<ObservedDemand> {
  const answer = await source.instant({ query, atSeconds, signal });
  if (answer.kind === 'value') return { kind: 'value', value: Math.max(0, answer.value) };
  const { reason, isEmpty } = answer;
  if (isEmpty && emptyIsZero) return { kind: 'value', value: 0 };
  if (replicasQuery !== undefined) {
    const replicas = await source.instant({ query: replicasQuery, atSeconds, signal });
    if (replicas.kind === 'value' && replicas.value === 0) return { kind: 'value', value: 0 };
  }
  return { kind: 'missing', reason };
}
