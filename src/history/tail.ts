import { alignDown } from './http/ranges/range-chunks.ts';
import type { History, RangeReader } from './source.ts';

export interface HistoryTailOptions {
  readonly source: RangeReader;
  readonly query: string;
  readonly stepSeconds: number;
  /** How far back the first read reaches, and up to a fourteenth farther ({@link startOf}); later ones never reach farther. */
  readonly windowSeconds: number;
  /** Age from which a row no longer changes, because a late scrape may change a younger one; default one step. */
  readonly settleSeconds?: number;
  /** Newest grid time that was read before, where the reading goes on. */
  readonly readUntilSeconds?: number | undefined;
}

/** Rows that are new since the last read. */
interface HistoryTailRead extends History {
  /** Steps asked for that have no row: gaps, which are not zeros. */
  readonly missingRows: number;
  /** The span (fromSeconds, toSeconds] that the source was asked for; undefined where it was not asked. */
  readonly asked?: { readonly fromSeconds: number; readonly toSeconds: number };
  /** Whether no row was given before: what the source does not have of the span, it has of no time before it either. */
  readonly isBeginning: boolean;
  /** Whether there is nothing newer to read; else the next read goes on where this one ended. */
  readonly isComplete: boolean;
}

/**
 * Most steps of one read. A longer history takes several, so that its rows are not all in memory at once: the usual four weeks
 * of minutes are one read of 0.8 MB, and 400 days are twelve.
 */
export const stepsPerRead = 50_000;

/** Follows one query's history. The rows of a read depend on the clock values alone, never on when a request got through. */
export interface HistoryTail {
  readonly readUntilSeconds: number;
  /**
   * Reads the settled rows since the last successful read, the first time from the begin of the window, and never a row twice;
   * at most {@link stepsPerRead} at once. It rejects as the source does; the next read then asks for the same rows and the new ones.
   */
  read(nowSeconds: number, signal?: AbortSignal): Promise<HistoryTailRead>;
}

export function createHistoryTail(options: HistoryTailOptions): HistoryTail {
  return new QueryTail(options);
}

/** A class, as StartingFleet of the controllers is. */
class QueryTail implements HistoryTail {
  /** Newest grid time that a successful read has covered. */
  readUntilSeconds: number;
  readonly #options: HistoryTailOptions;
  #newestRow: number;

  constructor(options: HistoryTailOptions) {
    this.#options = options;
    this.readUntilSeconds = options.readUntilSeconds ?? Number.NEGATIVE_INFINITY;
    this.#newestRow = this.readUntilSeconds;
  }

  async read(nowSeconds: number, signal?: AbortSignal): Promise<HistoryTailRead> {
    const { source, query, stepSeconds, windowSeconds, settleSeconds = stepSeconds } = this.#options;
    const settledSeconds = alignDown(nowSeconds - settleSeconds, stepSeconds);
    const oldest = startOf(settledSeconds, windowSeconds, stepSeconds);
    // The clock was ahead when these rows were asked for, before anybody could have them: they are asked for again.
    if (settledSeconds < this.readUntilSeconds) this.readUntilSeconds = this.#newestRow;
    const startSeconds = Math.max(oldest, this.readUntilSeconds + stepSeconds);
    // Nothing is new after a clock that went back, or at a second read within one step.
    if (settledSeconds < startSeconds) return nothing(stepSeconds);
    const endSeconds = Math.min(settledSeconds, startSeconds + (stepsPerRead - 1) * stepSeconds);
    const history = await source.range({ query, startSeconds, endSeconds, stepSeconds, signal });
    const fresh = rowsAfter(history, this.readUntilSeconds);
    const isBeginning = this.#newestRow === Number.NEGATIVE_INFINITY;
    this.readUntilSeconds = endSeconds;
    this.#newestRow = fresh.timestamps.at(-1) ?? this.#newestRow;
    const steps = Math.round((endSeconds - startSeconds) / stepSeconds) + 1;
    const missingRows = Math.max(0, steps - fresh.timestamps.length);
    const asked = { fromSeconds: startSeconds - stepSeconds, toSeconds: endSeconds };
    return { ...fresh, missingRows, asked, isBeginning, isComplete: endSeconds === settledSeconds };
  }
}

/**
 * Where a history begins that reaches `windowSeconds` back: at a multiple of a fourteenth of that, which is two days of four weeks.
 * Replicas that start one after the other then learn from the same row on, and so answer alike to the last bit. What a row more
 * at the beginning changes is small after four weeks of minutes, but was 1 to 4 % of the peak after two seasons of a week.
 */
function startOf(settledSeconds: number, windowSeconds: number, stepSeconds: number): number {
  const sharedSeconds = Math.max(stepSeconds, alignDown(windowSeconds / 14, stepSeconds));
  return alignDown(settledSeconds - windowSeconds, sharedSeconds);
}

/** A source that does not keep to the grid may answer with a row that was given already. */
function rowsAfter(history: History, unixSeconds: number): History {
  const first = history.timestamps.findIndex((timestamp) => timestamp > unixSeconds);
  if (first === 0) return history;
  const from = first < 0 ? history.timestamps.length : first;
  const { timestamps, values, isCensored } = history;
  return {
    ...history,
    timestamps: timestamps.slice(from),
    values: values.slice(from),
    ...(isCensored === undefined ? {} : { isCensored: isCensored.slice(from) }),
  };
}

function nothing(stepSeconds: number): HistoryTailRead {
  const none = new Float64Array();
  return {
    stepSeconds,
    timestamps: none,
    values: none,
    warnings: [],
    missingRows: 0,
    isBeginning: false,
    isComplete: true,
  };
}
