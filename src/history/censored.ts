import { ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { History, HistorySource, RangeRequest } from './source.ts';

/** From this share of what the ready replicas can carry on, demand may have been cut off (design.md §4.1). */
const saturatedRatio = 0.9;
/** Times are written with milliseconds. */
const roundingSeconds = 0.001;

export interface CapacityOptions {
  /** PromQL that gives the ready replicas. */
  readonly replicasQuery: string;
  /** Demand one replica can carry at most, in the unit of the demand. */
  readonly capacityPerReplica: number;
}

/**
 * The same source, whose ranges say of every row whether demand may have been cut off at capacity. One range more is
 * read for it, over the rows there are and at their step, so that the first read and every later one mark alike. When the
 * replicas cannot be read the range cannot either: rows taken for whole now would be taken for cut off after a restart.
 */
export function markingCensored(source: HistorySource, options: CapacityOptions): HistorySource {
  return {
    instant: (request) => source.instant(request),
    async range(request) {
      const history = await source.range(request);
      const [startSeconds, endSeconds] = [history.timestamps[0], history.timestamps.at(-1)];
      if (startSeconds === undefined || endSeconds === undefined) return history;
      const query = options.replicasQuery;
      const replicas = await replicasOf(source, { ...request, query, startSeconds, endSeconds });
      const unknown =
        replicas.timestamps.length === 0
          ? ['the replicasQuery gives nothing here, so that no row can be told to be at capacity']
          : [];
      return {
        ...history,
        warnings: [...new Set([...history.warnings, ...replicas.warnings, ...unknown])],
        isCensored: censoredRows(history, replicas, options.capacityPerReplica),
      };
    },
  };
}

async function replicasOf(source: HistorySource, request: RangeRequest): Promise<History> {
  try {
    return await source.range(request);
  } catch (thrown) {
    if (request.signal?.aborted === true) throw thrown;
    const { code, message } = toForescaleError(thrown);
    throw new ForescaleError(code, `replicasQuery: ${message}`, { cause: thrown });
  }
}

type Rows = Pick<History, 'timestamps' | 'values'>;

/**
 * 1 for every row of demand that reaches what the replicas ready at its time can carry, or nearly. Where that is not
 * known, and where none is ready (nothing is cut off by a workload that sleeps), a row counts as it is.
 */
function censoredRows(demand: Rows, replicas: Rows, capacityPerReplica: number): Uint8Array {
  const isCensored = new Uint8Array(demand.timestamps.length);
  let at = 0;
  for (const [row, unixSeconds] of demand.timestamps.entries()) {
    while ((replicas.timestamps[at] ?? Number.POSITIVE_INFINITY) < unixSeconds - roundingSeconds) at++;
    const isThere = (replicas.timestamps[at] ?? Number.POSITIVE_INFINITY) <= unixSeconds + roundingSeconds;
    const ready = isThere ? (replicas.values[at] ?? 0) : 0;
    const saturated = saturatedRatio * ready * capacityPerReplica;
    if (ready > 0 && (demand.values[row] ?? 0) >= saturated) isCensored[row] = 1;
  }
  return isCensored;
}
