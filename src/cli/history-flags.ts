import { duration, formatDuration } from '../platform/duration.ts';
import { anyText } from '../platform/setting-values.ts';
import { everyPair, type FlagTable } from './flags.ts';
import { addressFlags, sourceFlags } from './source-flags.ts';

/** Distance of the rows that are read from a source. */
export const usualStepSeconds = 60;

/** A duration that a flag gives. */
export const aboveZero = duration({ allowed: 'a duration above zero, such as 90s, 2h or 7d', above: '0' });

/** Flags that say where a command's history comes from. */
export const historyFlags = {
  csv: { value: 'file', meaning: 'read history from a CSV file; - is stdin', ...anyText },
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
- is stdin), or from a source: ${addressFlags}, with --query Q.`;
