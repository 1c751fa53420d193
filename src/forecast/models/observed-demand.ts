import type { HistorySource } from '../../history/source.ts';
import type { DemandQuery } from '../demand-query.ts';

/** Demand at a moment, or why it is missing. */
export type ObservedDemand =
  | { readonly kind: 'value'; readonly value: number; readonly isPartial: boolean }
  | { readonly kind: 'missing'; readonly reason: string };

/** Where demand is asked for. */
interface ObservedFrom {
  readonly source: HistorySource;
  /** A sample farther from the moment asked for than this is of another time. */
  readonly freshSeconds: number;
}

/**
 * Asks the source for demand as of `atSeconds`. An empty answer, NaN or infinity (a ratio without a denominator) is missing data
 * unless the user says that it is zero, as `ignoreNullValues` does in KEDA from 2.20 on (kedacore/keda#7475),
 * or, of an empty one, no replica is there to report any. A sample of another time is missing data too, and so is an empty
 * answer that the source calls partial.
 */
export async function readObservedDemand(
  { query, replicasQuery, emptyIsZero }: DemandQuery,
  { source, freshSeconds }: ObservedFrom,
  atSeconds: number,
  signal: AbortSignal,
): Promise<ObservedDemand> {
  const answer = await source.instant({ query, atSeconds, signal });
  if (answer.kind === 'value') {
    const { value } = answer;
    const apartSeconds = Math.round(answer.atSeconds - atSeconds);
    if (Math.abs(apartSeconds) > freshSeconds)
      return { kind: 'missing', reason: ofAnotherTime(apartSeconds) };
    if (Number.isFinite(value))
      return { kind: 'value', value: Math.max(0, value), isPartial: answer.isPartial === true };
  }
  const { reason, isEmpty } = answer.kind === 'missing' ? answer : noNumber(answer.value);
  const nothing = { kind: 'value', value: 0, isPartial: false } as const;
  // What did not come from a part of the source is no zero, whatever the user says of an empty answer.
  if (answer.isPartial === true) return { kind: 'missing', reason: partialNothing };
  if (emptyIsZero) return nothing;
  if (isEmpty && replicasQuery !== undefined) {
    const replicas = await source.instant({ query: replicasQuery, atSeconds, signal });
    if (replicas.kind === 'value' && replicas.value === 0 && replicas.isPartial !== true) return nothing;
  }
  return { kind: 'missing', reason };
}

const partialNothing =
  'the source gives no value and says that part of the data is missing, so that this does not mean no demand';

/** What a source says that breaks its contract by a value that is no number: KEDA would take NaN for "no load". */
function noNumber(value: number): { readonly reason: string; readonly isEmpty: boolean } {
  return { reason: `the source answers with ${value}, which is no demand`, isEmpty: false };
}

function ofAnotherTime(apartSeconds: number): string {
  const span = `${Math.abs(apartSeconds)} s ${apartSeconds < 0 ? 'older' : 'newer'}`;
  return `the source answers with a sample that is ${span} than was asked for; compare its clock with this server's`;
}
