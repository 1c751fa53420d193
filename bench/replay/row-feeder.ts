import type { History } from '../../src/history/source.ts';
import type { Turn } from '../turns.ts';

/** A forecaster, or whatever else takes rows; `isCensored` says that a row was clipped at capacity. */
export interface RowObserver {
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
}

/** Hands the rows of a history to an observer in order, up to a given time. */
export interface RowFeeder {
  /** Hands on every row up to `unixSeconds` that was not handed on yet, then a missing one, so that the time has passed. */
  feedUntil(unixSeconds: number): void;
  /** Does the same of many rows, with turns of the event loop. */
  feedInTurns(unixSeconds: number, turn: Turn): Promise<void>;
}

/** Rows that are handed on before it is asked whether it is time for a turn. */
const rowsAtOnce = 100;

export function createRowFeeder(
  { timestamps, values }: Pick<History, 'timestamps' | 'values'>,
  observer: RowObserver,
  isCensored?: Uint8Array,
): RowFeeder {
  let row = 0;
  const isDue = (index: number, unixSeconds: number) =>
    (timestamps[index] ?? Number.POSITIVE_INFINITY) <= unixSeconds;
  function feedRow(): void {
    const value = values[row]!;
    if (isCensored?.[row] === 1) observer.observe(timestamps[row]!, value, true);
    else observer.observe(timestamps[row]!, value);
    row++;
  }
  function feedUntil(unixSeconds: number): void {
    while (isDue(row, unixSeconds)) feedRow();
    observer.observe(unixSeconds, Number.NaN);
  }
  return {
    feedUntil,
    async feedInTurns(unixSeconds, turn) {
      while (isDue(row + rowsAtOnce, unixSeconds)) {
        for (let i = 0; i < rowsAtOnce; i++) feedRow();
        await turn();
      }
      feedUntil(unixSeconds);
    },
  };
}
