import type { DecimalMark } from '../history/csv/decimal-mark.ts';
import { duration, formatDuration } from '../platform/duration.ts';
import { anyText, type Kind } from '../platform/setting-values.ts';
import { everyPair, type FlagTable } from './flags.ts';
import { addressFlags, sourceFlags } from './source-flags.ts';

/** Distance of the rows that are read from a source. */
export const usualStepSeconds = 60;

/** What numbers have before their decimals. */
const decimalMark: Kind<DecimalMark> = {
  allowed: 'point or comma',
  parse: (text) => (text === 'point' ? '.' : text === 'comma' ? ',' : undefined),
};

/** A duration that a flag gives. */
export const aboveZero = duration({ allowed: 'a duration above zero, such as 90s, 2h or 7d', above: '0' });

/** Flags that say how a file of history is to be read, where the file does not say it. */
export const csvFlags = {
  column: {
    value: 'name',
    meaning: 'column of the values in the CSV, or the series in the JSON',
    absent: 'the only one',
    ...anyText,
  },
  timeColumn: {
    value: 'name',
    meaning: 'column of the times in the CSV',
    absent: 'the one named timestamp, time or alike',
    ...anyText,
  },
  decimalMark: {
    name: '--decimal',
    value: 'mark',
    meaning: 'point or comma: what the numbers of the CSV have before their decimals',
    absent: 'what the column shows',
    ...decimalMark,
  },
} as const satisfies FlagTable;

/** Flags that say where a command's history comes from. */
export const historyFlags = {
  csv: { value: 'file', meaning: 'read history from a CSV file or a JSON answer; - is stdin', ...anyText },
  ...csvFlags,
  ...sourceFlags(),
  query: { value: 'query', meaning: 'query that gives one series: the total demand', ...anyText },
  queryParameter: {
    value: 'name=value',
    meaning: 'URL parameter sent along with every query; may be repeated',
    isRepeatable: true,
    isSecret: true,
    ...everyPair,
  },
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
- is stdin), or from a source: ${addressFlags}, with --query Q.
Exports of Grafana, Datadog, CloudWatch and Excel are read too: tabs and semicolons, quotes, decimal commas, thousands, units,
milliseconds, null, UTF-16; and the JSON of /api/v1/query_range. Where a file can be read in two ways it is refused:
  --csv grafana.csv --column checkout             one of several columns
  --csv export.csv --time-column started_at       times in a column of another name
  --csv umsatz.csv --decimal comma                "1.234" is a thousand or more`;
