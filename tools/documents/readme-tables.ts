import { moneyTables } from './document-money.ts';
import { madeTables, traceTables } from './document-results.ts';

/** Every table of the README that is calculated, by the marker it stands between. */
export async function readmeTables(): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await moneyTables()), ...(await madeTables()), ...(await traceTables())]);
}
