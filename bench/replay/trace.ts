import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createForecaster, gridValues } from '../../src/forecast/core/index.ts';
import { readCsvHistory } from '../../src/history/csv.ts';
import type { History } from '../../src/history/source.ts';

/** A history on the grid of the model: `values[i]` is for `firstSeconds + i × stepSeconds`, NaN = missing. */
export interface GridSeries {
  readonly firstSeconds: number;
  readonly stepSeconds: number;
  readonly values: Float64Array;
}

export interface Trace {
  readonly name: string;
  /** Rows as they were recorded. */
  readonly history: History;
  readonly grid: GridSeries;
  /** Days from the first row to the last. */
  readonly days: number;
}

const daySeconds = 86_400;

/** The CSV files of a folder, sorted; none where there is no such folder. `only` keeps names that contain one of its parts. */
export async function traceFiles(folder: string, only: readonly string[] = []): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.csv'))
    .filter((name) => only.length === 0 || only.some((part) => name.includes(part)))
    .sort()
    .map((name) => join(folder, name));
}

export async function readTrace(path: string): Promise<Trace> {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.csv$/, '');
  return traceOf(name, await readCsvHistory(path));
}

export function traceOf(name: string, history: History): Trace {
  const { timestamps, stepSeconds } = history;
  const { gridSeconds } = createForecaster({ stepSeconds });
  const spanSeconds = (timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0) + stepSeconds;
  return { name, history, grid: onGrid(history, gridSeconds), days: spanSeconds / daySeconds };
}

/** Averages rows by the model's own rule, with NaN for missing steps. */
export function onGrid(
  history: Pick<History, 'timestamps' | 'values' | 'stepSeconds'>,
  gridSeconds: number,
): GridSeries {
  const { timestamps, values } = gridValues(history, gridSeconds);
  const firstSeconds = timestamps[0]!;
  const length = Math.round(((timestamps.at(-1) ?? firstSeconds) - firstSeconds) / gridSeconds) + 1;
  const dense = new Float64Array(timestamps.length === 0 ? 0 : length).fill(Number.NaN);
  for (let i = 0; i < timestamps.length; i++) {
    const index = Math.round((timestamps[i]! - firstSeconds) / gridSeconds);
    dense[index] = values[i]!;
  }
  return { firstSeconds, stepSeconds: gridSeconds, values: dense };
}
