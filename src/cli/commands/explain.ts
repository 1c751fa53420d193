import { formatDuration } from '../../platform/duration.ts';
import { anyText } from '../../platform/setting-values.ts';
import { calendarFlags, calendarHelp } from '../calendars/calendar-flags.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, historyFlags, historyHelp } from '../history-flags.ts';
import { quantile, seasonFlags } from '../model-flags.ts';
import { serverFlags, workloadArgument } from '../server-flags.ts';
import { momentOrTimeOfDay } from '../time-of-day.ts';
import { usualWindowSeconds } from '../usual-window.ts';

export const flags = {
  workload: {
    meaning: 'explain what a running server decides for this workload, or decided',
    absent: 'explain the forecast of a history',
    ...workloadArgument,
  },
  server: serverFlags.server,
  trigger: { value: 'id', meaning: 'which trigger of the workload, where it has several', ...anyText },
  ...historyFlags,
  ...seasonFlags,
  ...calendarFlags,
  windowSeconds: {
    name: '--window',
    value: 'duration',
    meaning: 'explain the bound of the peak within',
    absent: `${formatDuration(usualWindowSeconds)}, as serve decides`,
    ...aboveZero,
  },
  horizonSeconds: {
    name: '--horizon',
    value: 'duration',
    meaning: 'explain the forecast for the moment so far ahead instead',
    ...aboveZero,
  },
  quantile: { value: 'number', meaning: 'which bound', default: '0.99', ...quantile },
  atSeconds: {
    name: '--at',
    value: 'time',
    meaning:
      'as of then, using nothing newer; of a workload also the last time that clocks showed, such as 02:40',
    absent: 'the newest row, or now',
    ...momentOrTimeOfDay,
  },
  json: { meaning: 'print the explanation as JSON', ...switchedOn },
} as const satisfies FlagTable;

export type ExplainFlags = FlagReading<typeof flags>;

export const help = `${historyHelp}
${calendarHelp}

The parts add up to the value: the usual level of demand, what the time of day and of the week add to it, how far the
forecast is from that, and the safety margin.

With a workload a running server (--server) says what KEDA is told, or was told at a moment of the last 30 days, how many replicas
that is, why, and what came then. A time of day is that of --time-zone.

Examples:
  forescale explain shop/web --at 02:40
  forescale explain shop/web --at 2026-01-05T02:40Z --server https://forescale.example --bearer-token-file token
  forescale explain --csv requests.csv
  forescale explain --csv requests.csv --at 2026-01-05T08:55Z --window 7m --quantile 0.99
  forescale explain --csv requests.csv --horizon 2h --quantile 0.5 --json
  forescale explain --csv requests.csv --at 2026-12-24T08:55Z --horizon 2h --calendar holidays.yaml
  forescale explain --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --range 14d
`;
