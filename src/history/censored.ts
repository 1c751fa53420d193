import { ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { History, RangeReader, RangeRequest } from './source.ts';

/** Demand may have been cut off from this share of what the ready replicas can carry. */
const saturatedRatio = 0.9;
/** Sources write times with milliseconds. */
const roundingSeconds = 0.001;

export interface CapacityOptions {
  /** Query that gives the number of ready replicas. */
  readonly replicasQuery: string;
  /** Demand one replica can carry at most, in the unit of the demand. */
  readonly capacityPerReplica: number;
}

/**
 * Wraps a source so that its ranges say of every row whether demand may have been cut off at capacity. That takes a second
 * range query, over the rows there are and at their step, so that the first read and every later one mark rows alike. When the
 * replicas cannot be read, the whole range fails: rows counted as whole now would be counted as cut off after a restart.
 */
export function markingCensored(source: RangeReader, options: CapacityOptions): RangeReader {
  return {
    async range(request) {
      const history = await source.range(request);
      const [startSeconds, endSeconds] = [history.timestamps[0], history.timestamps.at(-1)];
      if (startSeconds === undefined || endSeconds === undefined) return history;
      const query = options.replicasQuery;
      const replicas = await replicasOf(source, { ...request, query, startSeconds, endSeconds });
      const unknown =
        replicas.timestamps.length === 0
          ? ['the replicasQuery gives nothing here, so it is not known which rows were at capacity']
          : [];
      return {
        ...history,
        warnings: [...new Set([...history.warnings, ...replicas.warnings, ...unknown])],
        isCensored: censoredRows(history, replicas, options.capacityPerReplica),
      };
    },
  };
}

async function replicasOf(source: RangeReader, request: RangeRequest): Promise<History> {
  try {
    return await source.range(request);
  } catch (thrown) {
    if (request.signal?.aborted === true) throw thrown;
    const { code, message, retryAfterSeconds } = toForescaleError(thrown);
    throw new ForescaleError(code, `replicasQuery: ${message}`, { cause: thrown, retryAfterSeconds });
  }
}

type Rows = Pick<History, 'timestamps' | 'values'>;

/**
 * Marks with 1 every row of demand that reaches nearly what the replicas that were ready at its time can carry. A row counts as
 * it is where their number is not known, and where it is zero, because a workload that sleeps cuts nothing off. Rows that were
 * marked already stay so.
 */
function censoredRows(
  demand: Rows & Pick<History, 'isCensored'>,
  replicas: Rows,
  capacityPerReplica: number,
): Uint8Array {
  const isCensored = demand.isCensored?.slice() ?? new Uint8Array(demand.timestamps.length);
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
