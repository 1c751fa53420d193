import type { Answer } from '../instance.ts';
import type { HistorySchema } from '../schemas/history.ts';
import type { Rows } from './written-rows.ts';

/** The history as rows, which `--csv` of the command reads back. */
export function historyRows({ timestamps, values, unit }: Answer<typeof HistorySchema>): Rows {
  return {
    columns: ['value'],
    unit,
    rows: valueRows(timestamps, values),
  };
}

/** One after the other: there may be a hundred thousand. */
function* valueRows(timestamps: readonly number[], values: readonly (number | null)[]) {
  for (const [index, atSeconds] of timestamps.entries()) {
    const value = values[index] ?? null;
    yield { atSeconds, cells: [value], json: { value } };
  }
}
