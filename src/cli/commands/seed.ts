import { moment } from '../../platform/moment.ts';
import { anyText, number, oneOf, pairs } from '../../platform/setting-values.ts';
import { madeStepSeconds, trafficSettings } from '../../seed/made-traffic.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, csvFlags } from '../history-flags.ts';
import { sourceFlags } from '../source-flags.ts';

/** Flags that describe a made history, and so have no place beside --csv. */
export const madeFlags = {
  days: {
    value: 'number',
    meaning: 'length of the made history in days',
    default: '14',
    ...number({ above: 0, to: 400, unit: 'days' }),
  },
  ...trafficSettings,
} as const satisfies FlagTable;

export const flags = {
  ...sourceFlags(['prometheus']),
  openmetrics: {
    value: 'file',
    meaning: 'write OpenMetrics text for promtool instead; - is stdout',
    ...anyText,
  },
  csv: {
    value: 'file',
    meaning: 'the history, moved so that its last row is at --until; - is stdin',
    ...anyText,
  },
  ...csvFlags,
  stepSeconds: {
    name: '--step',
    value: 'duration',
    meaning: 'distance of the rows',
    absent: `${madeStepSeconds}s, of a CSV its rows' own`,
    ...aboveZero,
  },
  ...madeFlags,
  metric: {
    value: 'name',
    meaning: 'name of the metric',
    absent: 'app_requests_total, as a gauge app_requests_per_second',
    ...anyText,
  },
  labels: {
    value: 'list',
    meaning: 'labels of the series: name=value,name=value',
    default: '',
    absent: 'none',
    ...pairs,
  },
  as: { value: 'kind', meaning: 'kind of metric', default: 'counter', ...oneOf(['counter', 'gauge']) },
  untilSeconds: {
    name: '--until',
    value: 'time',
    meaning: 'time of the last row',
    absent: 'now',
    ...moment,
  },
  json: { meaning: 'print what was written as one JSON line', ...switchedOn },
} as const satisfies FlagTable;

export type SeedFlags = FlagReading<typeof flags>;

export const help = `
Without --csv the history is a made one: weekdays with morning ramp, lunch dip and afternoon peak, quieter weekends.
A holiday is like a Sunday; a flash sale comes on top: up within 5 minutes, 15 at its height, then it dies away.
Values are rates, per second; --as counter adds them up to a counter that rate() takes apart again.
A Prometheus takes old samples only where storage.tsdb.out_of_order_time_window covers them, and is started with
--web.enable-remote-write-receiver. What was written is read back, and what is missing is said.

Examples:
  forescale seed --prometheus http://localhost:9090
  forescale seed --prometheus http://localhost:9090 --csv requests.csv --metric requests_per_second --as gauge
  forescale seed --prometheus http://localhost:9090 --days 28 --growth 0.02 --holidays 2026-12-25,2026-12-26
  forescale seed --prometheus http://localhost:9090 --flash-sales 2026-11-27T18:00Z=300
  forescale seed --openmetrics history.om && promtool tsdb create-blocks-from openmetrics history.om data/
`;
