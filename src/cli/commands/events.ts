import { duration } from '../../platform/duration.ts';
import { anyText } from '../../platform/setting-values.ts';
import { timeZone } from '../../platform/time-zone.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp, workloadArgument } from '../server-flags.ts';

export const flags = {
  workload: {
    meaning: 'events of one workload, from the record',
    absent: 'all, since the server started',
    ...workloadArgument,
  },
  sinceSeconds: {
    name: '--since',
    value: 'duration',
    meaning: 'how far back',
    default: '24h',
    ...duration({ above: '0', to: '30d' }),
  },
  trigger: { value: 'id', meaning: 'which trigger of the workload, where it has several', ...anyText },
  timeZone: { value: 'zone', meaning: 'time zone of the times', default: 'UTC', ...timeZone },
  ...serverFlags,
  json: { meaning: 'print one line of JSON for each event', ...switchedOn },
} as const satisfies FlagTable;

export type EventsFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

What changed, one sentence a line, newest last: data lost and found again, errors to KEDA, trust lost and regained, a forecast that is
ready, the kill switch, a trigger that was edited, a forecast that was cut as implausible. The events of one workload come from the record
of its decisions: they go back 30 days and survive restarts. Those of all workloads are the newest 5,000 since the server started.

Examples:
  forescale events
  forescale events shop/web --since 7d --time-zone Europe/Berlin
  forescale events --json --server http://forescale.example:8080 --bearer-token-file token
`;
