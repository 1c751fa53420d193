import { readCsvHistory } from '../../history/csv.ts';
import { proxiesOf } from '../../history/http/proxies.ts';
import { kindNames, sourceKinds } from '../../history/kinds.ts';
import { asComplete, type History, type OpenSource } from '../../history/source.ts';
import { openSource } from '../../history/sources.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';
import { type FlagReading, flagName } from '../flags.ts';
import { csvFlags, type historyFlags, usualStepSeconds } from '../history-flags.ts';
import { addressFlags, readConnection } from '../source-flags.ts';

/** Where a command's history comes from. */
export interface HistoryInput {
  readonly isCsv: boolean;
  /** Reads the history up to `endSeconds`. Warnings of the source go to stderr. Throws `no-data` when a query gives nothing. */
  load(endSeconds: number): Promise<History>;
}

/**
 * Where the flags say that history comes from. What is wrong is collected; the answer counts only if nothing is. `ownQuery` is asked
 * of a source where no flag gives a query.
 */
export function readHistoryInput(
  flags: FlagReading<typeof historyFlags>,
  io: CommandIo,
  ownQuery = '',
): HistoryInput {
  const { csv, query = ownQuery, stepSeconds, ...others } = flags.values;
  const [kind, ...further] = kindNames.filter((name) => others[name] !== undefined);
  if (csv !== undefined || kind === undefined) {
    if (csv === undefined)
      flags.wrong('--csv', `give --csv FILE, or ${addressFlags} with --query Q: there is no history to read`);
    else if (kind !== undefined) flags.wrong('--csv', `cannot be used beside --${kind}; keep one of them`);
    else if (flags.isGiven('query')) flags.wrong('--query', 'only used with a source; leave it out');
    const { column, timeColumn, decimalMark } = others;
    const options = { stepSeconds, column, timeColumn, decimalMark, stdin: io.stdin, signal: io.signal };
    return {
      isCsv: true,
      async load(endSeconds) {
        const history = await readCsvHistory(csv ?? '', options);
        for (const warning of history.warnings) io.stderr(`--csv: ${warning}\n`);
        return upTo(history, endSeconds);
      },
    };
  }
  refuseCsvFlags(flags);
  for (const other of further) {
    flags.wrong(`--${other}`, `cannot be used beside --${kind}; keep one of them`);
  }
  if (query.trim() === '') {
    flags.wrong('--query', `needed with --${kind}, for example '${sourceKinds[kind].exampleQuery}'`);
  }
  const settings = readConnection(kind, flags);
  const { rangeSeconds, queryParameter: parameters = {} } = others;
  const asked = { query, parameters, rangeSeconds, stepSeconds: stepSeconds ?? usualStepSeconds };
  return {
    isCsv: false,
    load: (endSeconds) =>
      readRange(openSource(kind, settings, { proxies: proxiesOf(io.env) }), asked, endSeconds, io),
  };
}

/** What says how a CSV is read has no place without one. */
export function refuseCsvFlags(flags: FlagReading<typeof csvFlags>): void {
  for (const [tableName, flag] of Object.entries(csvFlags)) {
    if (flags.isGiven(tableName as keyof typeof csvFlags)) {
      flags.wrong(flagName(tableName, flag), 'only used with --csv; leave it out');
    }
  }
}

/** Reads one range from a source and closes it. */
async function readRange(
  source: OpenSource,
  asked: {
    readonly query: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly rangeSeconds: number;
    readonly stepSeconds: number;
  },
  endSeconds: number,
  io: CommandIo,
): Promise<History> {
  const { query, parameters, stepSeconds } = asked;
  const startSeconds = endSeconds - asked.rangeSeconds;
  try {
    const range = { query, startSeconds, endSeconds, stepSeconds, signal: io.signal };
    const history = await source.with({ parameters }).range(range);
    for (const warning of history.warnings) io.stderr(`${source.address} warns: ${warning}\n`);
    if (history.timestamps.length > 0) return asComplete(history);
    throw new ForescaleError(
      'no-data',
      `--query: ${query} gives no number between ${startSeconds} and ${endSeconds} at ${source.address}; check its names and its filters, and --range`,
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
