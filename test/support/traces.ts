import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../repository/project-files.ts';

const folders = [
  join(projectRoot, 'bench/traces'),
  resolve(projectRoot, process.env['FORESCALE_TRACES'] ?? '../shared/traces'),
];

/** Where a trace of real demand is; undefined where only the traces of the repository are here and it is none of them. */
export function tracePath(name: string): string | undefined {
  return folders.map((folder) => join(folder, `${name}.csv`)).find((path) => existsSync(path));
}

/** Names of all traces that are here, each once. */
export function traceNames(): readonly string[] {
  const files = folders.filter(existsSync).flatMap((folder) => readdirSync(folder));
  const names = files.filter((file) => file.endsWith('.csv')).map((file) => file.slice(0, -'.csv'.length));
  return [...new Set(names)].toSorted();
}

/** What the name of a test says that is skipped because not all of these traces are here; empty where all of them are. */
export function tracesNote(names: readonly string[]): string {
  const missing = names.filter((name) => tracePath(name) === undefined);
  return missing.length === 0 ? '' : ` (skipped: needs traces that are not in the repository)`;
}
