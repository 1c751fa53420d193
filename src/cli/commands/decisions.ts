import { duration } from '../../platform/duration.ts';
import { anyText, oneOf } from '../../platform/setting-values.ts';
import { timeZone } from '../../platform/time-zone.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp, workloadArgument } from '../server-flags.ts';
import { momentOrTimeOfDay } from '../time-of-day.ts';

const aboveZero = duration({ above: '0', allowed: 'a duration above zero, such as 1h or 7d' });

export const flags = {
  workload: {
    meaning: 'the workload',
    ...workloadArgument,
  },
  fromSeconds: {
    name: '--from',
    value: 'time',
    meaning: 'first moment: a time, or the last time that clocks showed, such as 02:40',
    absent: 'an hour before the last',
    ...momentOrTimeOfDay,
  },
  toSeconds: { name: '--to', value: 'time', meaning: 'last moment', absent: 'now', ...momentOrTimeOfDay },
  rangeSeconds: {
    name: '--range',
    value: 'duration',
    meaning: 'length before the last moment, in place of --from',
    absent: '1h',
    ...aboveZero,
  },
  stepSeconds: {
    name: '--step',
    value: 'duration',
    meaning: 'the decision in force at each multiple of this',
    absent: 'every decision',
    ...aboveZero,
  },
  trigger: { value: 'id', meaning: 'which trigger of the workload, where it has several', ...anyText },
  format: {
    value: 'format',
    meaning: 'print a table, json, csv or ndjson',
    default: 'table',
    ...oneOf(['table', 'json', 'csv', 'ndjson']),
  },
  timeZone: { value: 'zone', meaning: 'time zone of times', default: 'UTC', ...timeZone },
  ...serverFlags,
  json: { meaning: 'the same as --format json', ...switchedOn },
} as const satisfies FlagTable;

export type DecisionsFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

What KEDA was told, from the record of the last 30 days, and what then came: the demand observed, the median and the bound of the
peak within the decision window, the signal, the replicas that are asked for, which rule decided, and the highest demand that
came in that window. csv and ndjson have every number of the record. The exit code is 3 where nothing is on record.

Examples:
  forescale decisions shop/web
  forescale decisions shop/web --from 02:30 --to 03:00 --time-zone Europe/Berlin
  forescale decisions shop/web --range 7d --step 10m --format csv > decisions.csv
  forescale decisions shop/web --format ndjson --server http://forescale.example:8080 --bearer-token-file token
`;
