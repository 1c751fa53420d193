import type { Command } from 'commander';
import type { ConnectionSettings } from '../history/connection-settings.ts';
import { parseSourceAddress } from '../history/connection-settings.ts';
import { readCsvHistory } from '../history/csv.ts';
import { createPrometheusHistory } from '../history/prometheus/prometheus.ts';
import type { History } from '../history/source.ts';
import { ForescaleError } from '../platform/errors.ts';
import type { CommandIo } from './command-io.ts';
import type { FlagValues } from './flag-values.ts';

/** Flags of a connection to Prometheus, for every command that makes one. */
export interface PrometheusFlags {
  readonly prometheus?: string;
  readonly bearerTokenFile?: string;
  readonly tenant?: string;
  readonly unsafeSsl?: boolean;
}

export interface HistoryFlags extends PrometheusFlags {
  readonly csv?: string;
  readonly query?: string;
  readonly range?: string;
  readonly step?: string;
}

/** Where a command's history comes from, read and checked. */
export type HistoryInput =
  | { readonly kind: 'csv'; readonly path: string; readonly stepSeconds: number | undefined }
  | {
      readonly kind: 'prometheus';
      readonly connection: ConnectionSettings;
      readonly query: string;
      readonly rangeSeconds: number;
      readonly stepSeconds: number;
    };

const defaultRangeSeconds = 28 * 86_400;
const defaultStepSeconds = 60;

export const historyInputHelp = `
History comes from a CSV file with the header "timestamp,value" (unix seconds or ISO times; a missing row is a gap;
- is stdin), or from Prometheus: --prometheus URL --query Q.`;

export function addPrometheusOptions(command: Command): Command {
  return command
    .option(
      '--prometheus <url>',
      'base address of a Prometheus-compatible API; http://user:password@host for basic auth',
    )
    .option('--bearer-token-file <file>', 'file with a bearer token for it')
    .option('--tenant <id>', 'sent as X-Scope-OrgID')
    .option('--unsafe-ssl', 'accept any certificate of it');
}

export function addHistoryOptions(command: Command): Command {
  return addPrometheusOptions(command.option('--csv <file>', 'read history from a CSV file; - is stdin'))
    .option('--query <promql>', 'query that gives one series: the total demand')
    .option('--range <duration>', 'how much history to read from Prometheus (default: 28d)')
    .option('--step <duration>', "distance of the rows (default: 1m, of a CSV its rows' own)");
}

/** The connection the flags describe. Faults are collected. */
export function readConnection(flags: PrometheusFlags, values: FlagValues): ConnectionSettings {
  const { prometheus: url = '', bearerTokenFile, tenant, unsafeSsl } = flags;
  const address = parseSourceAddress(url);
  if (typeof address === 'string') values.fault('--prometheus', address);
  return {
    url,
    ...(bearerTokenFile === undefined ? {} : { bearerTokenFile }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(unsafeSsl === undefined ? {} : { unsafeSsl }),
  };
}

/** What the flags say about where history comes from. Faults are collected; the answer counts only if there are none. */
export function readHistoryInput(flags: HistoryFlags, values: FlagValues): HistoryInput {
  const step = flags.step === undefined ? undefined : values.seconds('--step', flags.step);
  const range = flags.range === undefined ? undefined : values.seconds('--range', flags.range);
  const { csv, prometheus, query } = flags;
  if (csv !== undefined && prometheus !== undefined) {
    values.fault('--csv', 'cannot be used beside --prometheus; keep one of them');
  } else if (csv === undefined && prometheus === undefined) {
    values.fault('--csv', 'give --csv FILE, or --prometheus URL with --query Q: there is no history to read');
  }
  if (csv !== undefined) {
    if (query !== undefined) values.fault('--query', 'only used with --prometheus; leave it out');
    return { kind: 'csv', path: csv, stepSeconds: step };
  }
  if (prometheus !== undefined && (query === undefined || query.trim() === '')) {
    values.fault('--query', 'needed with --prometheus, for example "sum(rate(http_requests_total[2m]))"');
  }
  return {
    kind: 'prometheus',
    connection: prometheus === undefined ? { url: '' } : readConnection(flags, values),
    query: query ?? '',
    rangeSeconds: range ?? defaultRangeSeconds,
    stepSeconds: step ?? defaultStepSeconds,
  };
}

/** Reads the history, up to `endSeconds`. What the source warned of goes to stderr. Throws `no-data` when a query gives nothing. */
export async function loadHistory(input: HistoryInput, io: CommandIo, endSeconds: number): Promise<History> {
  const { signal } = io;
  if (input.kind === 'csv') {
    const { path, stepSeconds } = input;
    return upTo(await readCsvHistory(path, { stepSeconds, stdin: io.stdin, signal }), endSeconds);
  }
  const { connection, query, rangeSeconds, stepSeconds } = input;
  const source = createPrometheusHistory(connection);
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
      `--query: ${query} gives no number between ${endSeconds - rangeSeconds} and ${endSeconds} at ${source.address}; check its metric and labels, and --range`,
    );
  } finally {
    await source.close();
  }
}

/** A row at T may be used at T (design.md "Time"); what is later is the future. */
function upTo(history: History, endSeconds: number): History {
  const future = history.timestamps.findIndex((timestamp) => timestamp > endSeconds);
  if (future < 0) return history;
  return {
    ...history,
    timestamps: history.timestamps.slice(0, future),
    values: history.values.slice(0, future),
  };
}
