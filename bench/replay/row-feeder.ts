import type { History } from '../../src/history/source.ts';

/** A forecaster, or whatever else takes rows; `isCensored` says that a row was clipped at capacity. */
export interface RowObserver {
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
}

/** Hands the rows of a history to an observer in order, up to a given time. */
export interface RowFeeder {
  /** Hands on every row up to `unixSeconds` that was not handed on yet, then a missing one, so that the time has passed. */
  feedUntil(unixSeconds: number): void;
}

export function createRowFeeder(
  { timestamps, values }: Pick<History, 'timestamps' | 'values'>,
  observer: RowObserver,
  isCensored?: Uint8Array,
): RowFeeder {
  let row = 0;
  return {
    feedUntil(unixSeconds) {
      for (; (timestamps[row] ?? Number.POSITIVE_INFINITY) <= unixSeconds; row++) {
        const value = values[row]!;
        if (isCensored?.[row] === 1) observer.observe(timestamps[row]!, value, true);
        else observer.observe(timestamps[row]!, value);
      }
      observer.observe(unixSeconds, Number.NaN);
    },
  };
}
