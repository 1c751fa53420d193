import type { History } from '../src/history/source.ts';

/** What a forecaster is told; whether a row was clipped at capacity is the third thing where it is known. */
export interface RowObserver {
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
}

/** Hands the rows of a history on in order, up to a time and no further. */
export interface RowFeeder {
  /** Every row not newer than `unixSeconds` that was not handed on yet; then that time has passed, row or no row. */
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
        const value = values[row] ?? Number.NaN;
        if (isCensored?.[row] === 1) observer.observe(timestamps[row] ?? 0, value, true);
        else observer.observe(timestamps[row] ?? 0, value);
      }
      observer.observe(unixSeconds, Number.NaN);
    },
  };
}
