import type { Command } from 'commander';
import { readCsvHistory } from '../history/csv.ts';
import type { ConnectionSettings } from '../history/http/connection-settings.ts';
import type { History } from '../history/source.ts';
import { openSource, type SourceKindName, sourceKinds } from '../history/sources.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { CommandIo } from './command-io.ts';
import type { FlagValues } from './flag-values.ts';
import {
  addressFlags,
  addSourceOptions,
  kindNames,
  readConnection,
  type SourceFlags,
} from './source-flags.ts';

export type HistoryFlags = SourceFlags & {
  readonly csv?: string;
  readonly query?: string;
  readonly range?: string;
  readonly step?: string;
};

/** Where a command's history comes from, read and checked. */
export type HistoryInput =
  | { readonly kind: 'csv'; readonly path: string; readonly stepSeconds: number | undefined }
  | {
      readonly kind: SourceKindName;
      readonly settings: ConnectionSettings;
      readonly query: string;
      readonly rangeSeconds: number;
      readonly stepSeconds: number;
    };

const defaultRangeSeconds = 28 * 86_400;
const defaultStepSeconds = 60;

export const historyInputHelp = `
History comes from a CSV file with the header "timestamp,value" (unix seconds or ISO times; a missing row is a gap;
- is stdin), or from a source: ${addressFlags}, with --query Q.`;

export function addHistoryOptions(command: Command): Command {
  return addSourceOptions(command.option('--csv <file>', 'read history from a CSV file; - is stdin'))
    .option('--query <query>', 'query that gives one series: the total demand')
    .option('--range <duration>', 'how much history to read from the source (default: 28d)')
    .option('--step <duration>', "distance of the rows (default: 1m, of a CSV its rows' own)");
}

/** Where the flags say that history comes from. What is wrong is collected; the answer counts only if nothing is. */
export function readHistoryInput(flags: HistoryFlags, values: FlagValues): HistoryInput {
  const step = flags.step === undefined ? undefined : values.seconds('--step', flags.step);
  const range = flags.range === undefined ? undefined : values.seconds('--range', flags.range);
  const { csv, query } = flags;
  const [kind, ...others] = kindNames.filter((name) => flags[name] !== undefined);
  if (csv !== undefined) {
    if (kind !== undefined) values.fault('--csv', `cannot be used beside --${kind}; keep one of them`);
    else if (query !== undefined) values.fault('--query', 'only used with a source; leave it out');
    return { kind: 'csv', path: csv, stepSeconds: step };
  }
  if (kind === undefined) {
    values.fault('--csv', `give --csv FILE, or ${addressFlags} with --query Q: there is no history to read`);
    return { kind: 'csv', path: '', stepSeconds: step };
  }
  for (const other of others) {
    values.fault(`--${other}`, `cannot be used beside --${kind}; keep one of them`);
  }
  if (query === undefined || query.trim() === '') {
    values.fault('--query', `needed with --${kind}, for example '${sourceKinds[kind].exampleQuery}'`);
  }
  return {
    kind,
    settings: readConnection(kind, flags, values),
    query: query ?? '',
    rangeSeconds: range ?? defaultRangeSeconds,
    stepSeconds: step ?? defaultStepSeconds,
  };
}

/** Reads the history up to `endSeconds`. Warnings of the source go to stderr. Throws `no-data` when a query gives nothing. */
export async function loadHistory(input: HistoryInput, io: CommandIo, endSeconds: number): Promise<History> {
  const { signal } = io;
  if (input.kind === 'csv') {
    const { path, stepSeconds } = input;
    return upTo(await readCsvHistory(path, { stepSeconds, stdin: io.stdin, signal }), endSeconds);
  }
  const { kind, settings, query, rangeSeconds, stepSeconds } = input;
  const source = openSource(kind, settings);
  try {
    const history = await source.range({
      query,
      startSeconds: endSeconds - rangeSeconds,
      endSeconds,
      stepSeconds,
      ...(signal === undefined ? {} : { signal }),
    });
    for (const warning of history.warnings) io.stderr(`${source.address} warns: ${warning}\n`);
    if (history.timestamps.length > 0) return history;
    throw new ForescaleError(
      'no-data',
      `--query: ${query} gives no number between ${endSeconds - rangeSeconds} and ${endSeconds} at ${source.address}; check its names and its filters, and --range`,
    );
  } finally {
    await source.close();
  }
}

/** A row at T may be used at T (design.md "Time"), and a later row lies in the future. */
function upTo(history: History, endSeconds: number): History {
  const future = history.timestamps.findIndex((timestamp) => timestamp > endSeconds);
  if (future < 0) return history;
  return {
    ...history,
    timestamps: history.timestamps.slice(0, future),
    values: history.values.slice(0, future),
  };
}
