import { formatDuration } from '../../platform/duration.ts';
import { moment } from '../../platform/moment.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, historyFlags, historyHelp } from '../history-flags.ts';
import { quantile, seasonFlags } from '../model-flags.ts';
import { usualWindowSeconds } from '../usual-window.ts';

export const flags = {
  ...historyFlags,
  ...seasonFlags,
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
    meaning: 'as of then, using nothing newer',
    absent: 'the newest row',
    ...moment,
  },
  json: { meaning: 'print the explanation as JSON', ...switchedOn },
} as const satisfies FlagTable;

export type ExplainFlags = FlagReading<typeof flags>;

export const help = `${historyHelp}

The parts add up to the value: the usual level of demand, what the time of day and of the week add to it, how far the
forecast is from that, and the safety margin. What a running server decided, and why, is at
GET /api/v1/workloads/{namespace}/{name}/explain.

Examples:
  forescale explain --csv requests.csv
  forescale explain --csv requests.csv --at 2026-01-05T08:55Z --window 7m --quantile 0.99
  forescale explain --csv requests.csv --horizon 2h --quantile 0.5 --json
  forescale explain --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --range 14d
`;
