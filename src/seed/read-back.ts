import { setTimeout as sleep } from 'node:timers/promises';
import type { HistorySource } from '../history/source.ts';
import { type Series, selectorOf } from './series.ts';

/** A number of samples in a span of time. */
interface SampleSpan {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly samples: number;
}

export interface ReadBack {
  readonly written: number;
  /** Number of samples in the same span of time; it exceeds `written` where others wrote to the same series. */
  readonly found: number;
  /** Spans in which samples are missing, and how many: days, with neighbours joined. Empty when all samples are there. */
  readonly missing: readonly SampleSpan[];
}

const pieceSeconds = 86_400;
/** Waits between looks: VictoriaMetrics makes samples of a new series searchable some seconds after it has taken them. */
const settleWaitsMs = [250, 500, 1_000, 2_000, 4_000, 8_000];
/** VictoriaMetrics moves instants within half a minute of now back in time (-search.latencyOffset), but not later ones. */
const clearOfLatencyOffsetSeconds = 120;

/**
 * Counts the samples of a series that was written, and finds where any are missing. It counts samples and not points of a range
 * query, which repeat a sample for five minutes and would hide a loss.
 */
export async function readBack(
  source: HistorySource,
  series: Series,
  options: { readonly signal?: AbortSignal | undefined; readonly waitsMs?: readonly number[] } = {},
): Promise<ReadBack> {
  const { signal, waitsMs = settleWaitsMs } = options;
  const { timestamps } = series;
  const written = timestamps.length;
  const [first, last] = [timestamps[0], timestamps[written - 1]];
  if (first === undefined || last === undefined) return { written, found: 0, missing: [] };
  const count = (fromSeconds: number, toSeconds: number) =>
    countSamples(source, selectorOf(series), fromSeconds, toSeconds, signal);

  let found = await count(first, last);
  for (const waitMs of waitsMs) {
    if (found >= written) break;
    await sleep(waitMs, undefined, { signal });
    found = await count(first, last);
  }
  if (found >= written) return { written, found, missing: [] };

  const missing: SampleSpan[] = [];
  let wasMissing = false;
  for (const piece of piecesOf(timestamps)) {
    const samples = piece.samples - (await count(piece.fromSeconds, piece.toSeconds));
    const before = wasMissing ? missing.at(-1) : undefined;
    wasMissing = samples > 0;
    if (!wasMissing) continue;
    if (before === undefined) missing.push({ ...piece, samples });
    else missing.splice(-1, 1, { ...before, toSeconds: piece.toSeconds, samples: before.samples + samples });
  }
  return { written, found, missing };
}

/** Number of samples in [from, to]. The range is a millisecond longer, because since Prometheus 3 its older end is open. */
async function countSamples(
  source: HistorySource,
  selector: string,
  fromSeconds: number,
  toSeconds: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const rangeMs = Math.round((toSeconds - fromSeconds) * 1000) + 1;
  const answer = await source.instant({
    query: `sum(count_over_time(${selector}[${rangeMs}ms] offset ${clearOfLatencyOffsetSeconds}s))`,
    atSeconds: toSeconds + clearOfLatencyOffsetSeconds,
    signal,
  });
  return answer.kind === 'value' ? answer.value : 0;
}

/** Spans of a day at most, each with the samples that were written in it. */
function* piecesOf(timestamps: Float64Array): Generator<SampleSpan> {
  let start = 0;
  for (let end = 1; end <= timestamps.length; end++) {
    const fromSeconds = timestamps[start] ?? Number.NaN;
    if (end < timestamps.length && (timestamps[end] ?? Number.NaN) - fromSeconds < pieceSeconds) continue;
    yield { fromSeconds, toSeconds: timestamps[end - 1] ?? Number.NaN, samples: end - start };
    start = end;
  }
}
