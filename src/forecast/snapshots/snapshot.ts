import type { CalendarEvent } from '../core/index.ts';
import type { JudgedSpan } from './far-past.ts';

/** Rows as a source gave them. */
export interface LastRows {
  /** Unix seconds, rising. */
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
  /** Whether demand was cut off at capacity. */
  readonly isCensored: readonly boolean[];
}

/** What was learned from a history, and where its reading goes on. */
export interface Snapshot {
  /** Newest grid time that was read, unix seconds. */
  readonly readUntilSeconds: number;
  /** Number of rows that were learned. */
  readonly rows: number;
  /** The newest of them: where the source now gives other ones, the history has changed. */
  readonly lastRows: LastRows;
  /** What of the history was judged, where that is not all of it. */
  readonly judged?: JudgedSpan | undefined;
  /** The events that the forecaster knows; versions before calendars had none. */
  readonly events?: readonly CalendarEvent[];
  /** States as {@link savedState} gives them; those of followers by their keys. */
  readonly forecaster: Uint8Array;
  readonly followers: ReadonlyMap<string, Uint8Array>;
}

/** Rows that are compared when a snapshot is gone on from. */
const comparedRows = 32;
/** A source may add up its series in another order after it was restarted, which changes the last digits. */
const roundingNoise = 1e-9;

export const noRows: LastRows = { timestamps: [], values: [], isCensored: [] };

/** Whether a value that was read is a list of at most as many members as are compared. */
const isShortList = (value: unknown, isMember: (member: unknown) => boolean): value is unknown[] =>
  Array.isArray(value) && value.length <= comparedRows && value.every(isMember);
const isNumber = (value: unknown) => typeof value === 'number';
const isBytes = (value: unknown) => value instanceof Uint8Array;

/**
 * A value as a snapshot; its states are checked where they are restored. Throws where it is none, as what a file or another replica
 * has may be.
 */
export function checkedSnapshot(value: unknown): Snapshot {
  const snapshot = Object(value) as Snapshot;
  const { readUntilSeconds, rows, lastRows, judged, events = [], forecaster, followers } = snapshot;
  const { timestamps, values, isCensored } = Object(lastRows) as LastRows;
  const isWhole =
    Number.isFinite(readUntilSeconds) &&
    Number.isInteger(rows) &&
    isShortList(timestamps, isNumber) &&
    isShortList(values, isNumber) &&
    isShortList(isCensored, (one) => typeof one === 'boolean') &&
    (judged === undefined ||
      Number.isFinite(judged.fromSeconds + judged.followedSeconds + judged.calibratedSeconds)) &&
    Array.isArray(events) &&
    isBytes(forecaster) &&
    followers instanceof Map &&
    [...followers].every(([key, state]) => typeof key === 'string' && isBytes(state));
  if (!isWhole) throw new Error('it is no snapshot');
  return { readUntilSeconds, rows, lastRows, judged, events, forecaster, followers };
}

/** Rows as a read gives them. */
interface ReadRows {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly isCensored?: Uint8Array | undefined;
}

/** What most workloads have of their newest rows: none of them is censored. */
const uncensored: readonly boolean[] = Array.from({ length: comparedRows }, () => false);

/** The newest rows, after a read has given more of them. */
export function newestRows(known: LastRows, { timestamps, values, isCensored }: ReadRows): LastRows {
  const from = Math.max(0, timestamps.length - comparedRows);
  const censored = Array.from(timestamps.subarray(from), (_, index) => isCensored?.[from + index] === 1);
  const areCensored = [...known.isCensored, ...censored].slice(-comparedRows);
  const isUsual = areCensored.length === comparedRows && !areCensored.includes(true);
  return {
    timestamps: [...known.timestamps, ...timestamps.subarray(from)].slice(-comparedRows),
    values: [...known.values, ...values.subarray(from)].slice(-comparedRows),
    isCensored: isUsual ? uncensored : areCensored,
  };
}

/**
 * Number of rows, the first of those that were read from the oldest of the last rows on, that a snapshot has learned; undefined where
 * one of them is not as it was, or was not there. A row that is there no more is no change: the source keeps history for a while only.
 */
export function knownRowsAmong(read: ReadRows, { lastRows, readUntilSeconds }: Snapshot): number | undefined {
  let count = 0;
  for (const [index, time] of read.timestamps.entries()) {
    if (time > readUntilSeconds) break;
    const place = lastRows.timestamps.indexOf(time);
    const isCensored = read.isCensored?.[index] === 1;
    if (place < 0 || isCensored !== lastRows.isCensored[place]) return undefined;
    if (!isAlike(read.values[index] ?? Number.NaN, lastRows.values[place] ?? Number.NaN)) return undefined;
    count = index + 1;
  }
  return count;
}

function isAlike(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= roundingNoise * Math.abs(a);
}
