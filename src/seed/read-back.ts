import { setTimeout as sleep } from 'node:timers/promises';
import type { HistorySource } from '../history/source.ts';
import { type Series, selectorOf } from './series.ts';

/** A span of time in which samples that were written cannot be read. */
interface MissingPart {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly samples: number;
}

export interface ReadBack {
  readonly written: number;
  /** Number of samples in the same span of time; it exceeds `written` where others wrote to the same series. */
  readonly found: number;
  /** Spans in which samples are missing: days, with neighbours joined. Empty when all samples are there. */
  readonly missing: readonly MissingPart[];
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

  const missing: MissingPart[] = [];
  for (const piece of piecesOf(timestamps)) {
    const lost = piece.samples - (await count(piece.fromSeconds, piece.toSeconds));
    const before = missing.at(-1);
    if (lost <= 0) continue;
    if (before !== undefined && before.toSeconds === piece.previousSeconds) {
      missing[missing.length - 1] = {
        fromSeconds: before.fromSeconds,
        toSeconds: piece.toSeconds,
        samples: before.samples + lost,
      };
    } else missing.push({ fromSeconds: piece.fromSeconds, toSeconds: piece.toSeconds, samples: lost });
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

interface Piece {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly samples: number;
  /** Last timestamp of the previous piece. */
  readonly previousSeconds: number | undefined;
}

function* piecesOf(timestamps: Float64Array): Generator<Piece> {
  let start = 0;
  for (let end = 1; end <= timestamps.length; end++) {
    const fromSeconds = timestamps[start] ?? Number.NaN;
    if (end < timestamps.length && (timestamps[end] ?? Number.NaN) - fromSeconds < pieceSeconds) continue;
    yield {
      fromSeconds,
      toSeconds: timestamps[end - 1] ?? Number.NaN,
      samples: end - start,
      previousSeconds: timestamps[start - 1],
    };
    start = end;
  }
}
