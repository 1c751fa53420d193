import type { History, RangeReader, RangeRequest } from './source.ts';

export interface EmptyIsZeroOptions {
  /** An empty answer is zero demand because the user says so. */
  readonly emptyIsZero: boolean;
  /** Query that gives the number of ready replicas: where it gives 0, an empty answer is zero demand. */
  readonly replicasQuery: string | undefined;
  /** Time up to which rows are known, where the reading goes on; by default it begins. */
  readonly knownUntilSeconds?: number | undefined;
}

/**
 * Wraps a source so that its ranges have a zero wherever the user, or the absence of replicas, says that no answer means no
 * demand, as the newest value has. A night in which nothing reports is then learned as a night. Steps before the first row of
 * all stay missing, because the series did not exist, and so do steps of an answer that the source calls partial. It follows one
 * reading from its beginning on; one that begins anew is wrapped anew. Of what is known already a row that is there no more is no zero:
 * the source keeps history for a while only.
 */
export function fillingEmpty(
  source: RangeReader,
  { emptyIsZero, replicasQuery, knownUntilSeconds = Number.POSITIVE_INFINITY }: EmptyIsZeroOptions,
): RangeReader {
  if (!emptyIsZero && replicasQuery === undefined) return source;
  /** A step after this time that has no row is one without demand. */
  let emptyAfterSeconds = knownUntilSeconds;
  return {
    async range(request) {
      const history = await source.range(request);
      emptyAfterSeconds = Math.min(emptyAfterSeconds, history.timestamps[0] ?? Number.POSITIVE_INFINITY);
      const missing = missingSteps(history, request, emptyAfterSeconds).filter(
        (step) => !isPartialAt(history, step),
      );
      if (missing.length === 0) return history;
      const zeros =
        emptyIsZero || replicasQuery === undefined
          ? missing
          : await withoutReplicas(source, { ...request, query: replicasQuery }, missing);
      return zeros.length === 0 ? history : withZeros(history, zeros);
    },
  };
}

function isPartialAt({ partialSpans = [] }: History, unixSeconds: number): boolean {
  return partialSpans.some(
    ({ startSeconds, endSeconds }) => unixSeconds >= startSeconds && unixSeconds <= endSeconds,
  );
}

/** Steps of the request after a time that have no row; rising. */
function missingSteps({ timestamps }: History, request: RangeRequest, afterSeconds: number): number[] {
  const { startSeconds, endSeconds, stepSeconds } = request;
  const first = timestamps[0];
  const firstIndex = first === undefined ? 0 : Math.round((first - startSeconds) / stepSeconds);
  const phase = first === undefined ? startSeconds : first - firstIndex * stepSeconds;
  const steps = Math.floor((endSeconds - phase) / stepSeconds + 1e-9);
  const missing: number[] = [];
  let row = 0;
  for (let step = 0; step <= steps; step++) {
    const unixSeconds = phase + step * stepSeconds;
    if (unixSeconds <= afterSeconds) continue;
    while ((timestamps[row] ?? Number.POSITIVE_INFINITY) < unixSeconds - stepSeconds / 2) row++;
    if ((timestamps[row] ?? Number.POSITIVE_INFINITY) > unixSeconds + stepSeconds / 2)
      missing.push(unixSeconds);
  }
  return missing;
}

/** Those of the moments at which there were no replicas; where their number is unknown or too low, demand stays missing. */
async function withoutReplicas(
  source: RangeReader,
  request: RangeRequest,
  missing: readonly number[],
): Promise<number[]> {
  const [startSeconds = request.startSeconds, endSeconds = startSeconds] = [missing[0], missing.at(-1)];
  const replicas = await source.range({ ...request, startSeconds, endSeconds });
  const { timestamps, values } = replicas;
  let row = 0;
  return missing.filter((unixSeconds) => {
    while ((timestamps[row] ?? Number.POSITIVE_INFINITY) < unixSeconds - request.stepSeconds / 2) row++;
    const isThere = Math.abs((timestamps[row] ?? Number.NaN) - unixSeconds) <= request.stepSeconds / 2;
    return isThere && values[row] === 0 && replicas.isCensored?.[row] !== 1;
  });
}

function withZeros(history: History, zeros: readonly number[]): History {
  const count = history.timestamps.length + zeros.length;
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  const isCensored = history.isCensored === undefined ? undefined : new Uint8Array(count);
  let row = 0;
  let zero = 0;
  for (let i = 0; i < count; i++) {
    const isRow =
      (history.timestamps[row] ?? Number.POSITIVE_INFINITY) < (zeros[zero] ?? Number.POSITIVE_INFINITY);
    timestamps[i] = (isRow ? history.timestamps[row] : zeros[zero]) ?? 0;
    values[i] = isRow ? (history.values[row] ?? 0) : 0;
    if (isRow && isCensored !== undefined) isCensored[i] = history.isCensored?.[row] ?? 0;
    if (isRow) row++;
    else zero++;
  }
  return { ...history, timestamps, values, ...(isCensored === undefined ? {} : { isCensored }) };
}
