import { moment } from '../../platform/moment.ts';
import { anyText, oneOf } from '../../platform/setting-values.ts';
import { calendarFlags, calendarHelp } from '../calendars/calendar-flags.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, historyFlags, historyHelp } from '../history-flags.ts';
import { modelFlags } from '../model-flags.ts';

export const flags = {
  ...historyFlags,
  ...modelFlags,
  ...calendarFlags,
  horizonSeconds: {
    name: '--horizon',
    value: 'duration',
    meaning: 'how far ahead',
    default: '24h',
    ...aboveZero,
  },
  atSeconds: {
    name: '--at',
    value: 'time',
    meaning: 'forecast as of then, using nothing newer',
    absent: 'the newest row',
    ...moment,
  },
  json: { meaning: 'print the forecast as JSON', ...switchedOn },
  format: {
    value: 'kind',
    meaning: 'print a table, json, csv or ndjson; times of all but json are those of --time-zone',
    default: 'table',
    ...oneOf(['table', 'json', 'csv', 'ndjson']),
  },
  unit: { value: 'text', meaning: 'unit of demand, such as req/s, that is written beside it', ...anyText },
} as const satisfies FlagTable;

export type ForecastFlags = FlagReading<typeof flags>;

export const help = `${historyHelp}
${calendarHelp}

Examples:
  forescale forecast --csv requests.csv --horizon 24h
  forescale forecast --csv grafana.csv --column shop
  forescale forecast --csv requests.csv --at 2026-01-05T09:00Z --horizon 2h --json
  forescale forecast --csv requests.csv --format csv --time-zone Europe/Berlin --unit req/s > forecast.csv
  forescale forecast --csv requests.csv --calendar holidays.yaml --calendar releases.ics --time-zone Europe/Berlin
  forescale forecast --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))' --range 14d
`;
