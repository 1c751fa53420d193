import { readCsvHistory } from '../../history/csv.ts';
import type { History } from '../../history/source.ts';
import { openSource } from '../../history/sources.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';
import type { HistoryInput } from '../history-flags.ts';

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
      signal,
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
