import { moment } from '../../platform/moment.ts';
import { type Kind, list } from '../../platform/setting-values.ts';
import { calendarFlags, calendarHelp } from '../calendars/calendar-flags.ts';
import { type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { aboveZero, historyFlags, historyHelp } from '../history-flags.ts';
import { modelFlags } from '../model-flags.ts';
import { usualWindowSeconds } from '../usual-window.ts';

/** The first origin: a share of the time from the first row to the last (design.md "--from"), or a moment. */
export type From = { readonly share: number } | { readonly atSeconds: number };

const from: Kind<From> = {
  allowed: `a share below 100%, or ${moment.allowed}`,
  parse(text) {
    const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
    if (percent !== undefined) return Number(percent) < 100 ? { share: Number(percent) / 100 } : undefined;
    const atSeconds = moment.parse(text);
    return atSeconds === undefined ? undefined : { atSeconds };
  },
};

export const flags = {
  ...historyFlags,
  ...modelFlags,
  ...calendarFlags,
  from: {
    value: 'time or %',
    meaning: 'first origin; 50% is the middle of the time covered',
    default: '50%',
    ...from,
  },
  everySeconds: {
    name: '--every',
    value: 'duration',
    meaning: 'distance of the origins',
    default: '1h',
    ...aboveZero,
  },
  horizonsSeconds: {
    name: '--horizons',
    value: 'list',
    meaning: 'how far ahead',
    default: '5m,30m,1h,6h,24h',
    ...list(aboveZero),
  },
  windowsSeconds: {
    name: '--windows',
    value: 'list',
    meaning: 'windows whose peak is forecast',
    default: `${usualWindowSeconds}s`,
    ...list(aboveZero),
  },
  json: { meaning: 'print one JSON line an origin', ...switchedOn },
} as const satisfies FlagTable;

export type BacktestFlags = FlagReading<typeof flags>;

export const help = `${historyHelp}
${calendarHelp}

At every origin the model knows what was known then, and nothing newer. The table puts it beside persistence (the
newest value), and the values of a day and a week before. With --json one line an origin is printed instead.

Examples:
  forescale backtest --csv requests.csv
  forescale backtest --csv requests.csv --from 2026-01-05 --every 6h --horizons 1h,24h --windows 2m,7m,30m --json
  forescale backtest --csv requests.csv --calendar holidays.yaml   # beside the same forecast without the calendar
  forescale backtest --prometheus http://localhost:9090 --query 'sum(rate(http_requests_total[2m]))'
`;
