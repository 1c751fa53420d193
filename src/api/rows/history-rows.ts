import type { Answer } from '../instance.ts';
import type { HistorySchema } from '../schemas/history.ts';
import type { Rows } from './written-rows.ts';

/** The history as rows, which `--csv` of the command reads back. */
export function historyRows({ timestamps, values, unit }: Answer<typeof HistorySchema>): Rows {
  return {
    columns: ['value'],
    unit,
    rows: timestamps.map((atSeconds, index) => {
      const value = values[index] ?? null;
      return { atSeconds, cells: [value], json: { value } };
    }),
  };
}
