import type { ConnectionSettings } from '../history/http/connection-settings.ts';
import { kindNames, type SourceKindName, sourceKinds } from '../history/kinds.ts';
import { duration, formatDuration } from '../platform/duration.ts';
import { anyText } from '../platform/setting-values.ts';
import type { FlagReading, FlagTable } from './flags.ts';
import { addressFlags, readConnection, sourceFlags } from './source-flags.ts';

const usualStepSeconds = 60;

/** A duration that a flag gives. */
export const aboveZero = duration({ allowed: 'a duration above zero, such as 90s, 2h or 7d', above: '0' });

/** Flags that say where a command's history comes from. */
export const historyFlags = {
  csv: { value: 'file', meaning: 'read history from a CSV file; - is stdin', ...anyText },
  ...sourceFlags(),
  query: { value: 'query', meaning: 'query that gives one series: the total demand', ...anyText },
  rangeSeconds: {
    name: '--range',
    value: 'duration',
    meaning: 'how much history to read from the source',
    default: '28d',
    ...aboveZero,
  },
  stepSeconds: {
    name: '--step',
    value: 'duration',
    meaning: 'distance of the rows',
    absent: `${formatDuration(usualStepSeconds)}, of a CSV its rows' own`,
    ...aboveZero,
  },
} as const satisfies FlagTable;

export const historyHelp = `
History comes from a CSV file with the header "timestamp,value" (unix seconds or ISO times; a missing row is a gap;
- is stdin), or from a source: ${addressFlags}, with --query Q.`;

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

/** Where the flags say that history comes from. What is wrong is collected; the answer counts only if nothing is. */
export function readHistoryInput(flags: FlagReading<typeof historyFlags>): HistoryInput {
  const { csv, query, rangeSeconds, stepSeconds, ...others } = flags.values;
  const [kind, ...further] = kindNames.filter((name) => others[name] !== undefined);
  if (csv !== undefined) {
    if (kind !== undefined) flags.wrong('--csv', `cannot be used beside --${kind}; keep one of them`);
    else if (query !== undefined) flags.wrong('--query', 'only used with a source; leave it out');
    return { kind: 'csv', path: csv, stepSeconds };
  }
  if (kind === undefined) {
    flags.wrong('--csv', `give --csv FILE, or ${addressFlags} with --query Q: there is no history to read`);
    return { kind: 'csv', path: '', stepSeconds };
  }
  for (const other of further) {
    flags.wrong(`--${other}`, `cannot be used beside --${kind}; keep one of them`);
  }
  if (query === undefined || query.trim() === '') {
    flags.wrong('--query', `needed with --${kind}, for example '${sourceKinds[kind].exampleQuery}'`);
  }
  return {
    kind,
    settings: readConnection(kind, flags),
    query: query ?? '',
    rangeSeconds,
    stepSeconds: stepSeconds ?? usualStepSeconds,
  };
}
