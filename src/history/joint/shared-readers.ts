import type { HistorySource, RequestExtras } from '../source.ts';

/** Readers that are kept; with one more all are made anew when they are asked for, which changes no answer. */
const mostReaders = 1_000;

/**
 * Gives callers that send the same along one reader: most workloads of a namespace do, and a reader is fifty objects that each full
 * garbage collection walks.
 */
export function sharingReaders(
  create: (extras: RequestExtras) => HistorySource,
): (extras: RequestExtras) => HistorySource {
  const readers = new Map<string, HistorySource>();
  return (extras) => {
    const caller = callerOf(extras);
    const known = readers.get(caller);
    if (known !== undefined) return known;
    if (readers.size >= mostReaders) readers.clear();
    const reader = create(extras);
    readers.set(caller, reader);
    return reader;
  };
}

/** All in which callers differ. */
export function callerOf({ namespace, headers, parameters, timeoutMs, isConcealed }: RequestExtras): string {
  const sorted = (texts: Readonly<Record<string, string>> = {}) => Object.entries(texts).sort();
  return JSON.stringify([namespace, sorted(headers), sorted(parameters), timeoutMs, isConcealed === true]);
}
