import { readFile } from 'node:fs/promises';
import { horizonSteps } from './windows.ts';

/** One series of a call: what is known, and the hours to forecast. */
export interface CallSeries {
  readonly name: string;
  readonly past: Float64Array;
  readonly truth: Float64Array;
}

/**
 * Reads the series of one call from a CSV file of hourly values as M4 has them: a line for each series, its name first, then its values,
 * oldest first, the last 48 of which are to be forecast. Empty = missing; empty fields at the end belong to no value, so that series of
 * several lengths are in one table. A line of column names is left out.
 */
export async function readCall(file: string): Promise<CallSeries[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  return lines.flatMap((line) => {
    const [name = '', ...fields] = line.replace(/,+$/, '').replaceAll('"', '').split(',');
    const values = Float64Array.from(fields, (field) => (field === '' ? Number.NaN : Number(field)));
    if (fields.some((field, i) => field !== '' && Number.isNaN(values[i]))) return [];
    return [{ name, past: values.slice(0, -horizonSteps), truth: values.slice(-horizonSteps) }];
  });
}
