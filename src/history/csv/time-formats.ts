import { parseMoment } from '../../platform/moment.ts';

/** One way to write a time. `parse` gives unix seconds, or undefined for another text. */
export interface TimeFormat {
  readonly name: string;
  readonly parse: (text: string) => number | undefined;
}

/** A larger number is no unix second before the year 10000 (`parseMoment`), so it counts a smaller unit. */
const latestUnixSeconds = 253_402_300_799;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const clockTime =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?(?:\s*(Z|(?:UTC|GMT)?\s?[+-]\d{2}:?\d{2}|UTC|GMT))?(?:\s(?:UTC|GMT)|\s*\([^()]*\))?$/i;

/** Seconds since midnight UTC of what follows the date; undefined where it is no time of day. */
function clockSeconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return 0;
  const [match, hour = '', minute = '', second = '0', fraction = '0', half, zone = ''] =
    clockTime.exec(text) ?? [];
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const isHour = half === undefined ? Number(hour) < 24 : Number(hour) >= 1 && Number(hour) <= 12;
  if (match === undefined || !isHour || Number(minute) > 59 || Number(second) > 59) return undefined;
  const [, sign, ahead = '0', aheadMinutes = '0'] = /([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  const offset = (Number(ahead) * 60 + Number(aheadMinutes)) * (sign === '-' ? -60 : 60);
  return hours * 3600 + Number(minute) * 60 + Number(second) + Number(`0.${fraction}`) - offset;
}

/** Unix seconds of a date and what follows it; undefined where there is no such day. */
function at(year: number, month: number, day: number, clock: string | undefined): number | undefined {
  const midnight = new Date(Date.UTC(year, month - 1, day));
  const seconds = clockSeconds(clock);
  const isDay = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  return isDay && seconds !== undefined ? midnight.getTime() / 1000 + seconds : undefined;
}

const rest = String.raw`(?:(?:T|,?\s+(?:@\s)?)(\d.*))?$`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${rest}`);
const dotted = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4})${rest}`);
/** Day and month in an order that the text alone does not always tell. */
const twoThenYear = new RegExp(String.raw`^(\d{1,2})([-/])(\d{1,2})\2(\d{4})${rest}`);
const weekday = String.raw`^(?:[A-Za-z]{3,9},?\s+)?`;
const dayThenMonth = new RegExp(
  String.raw`${weekday}(\d{1,2})[-\s]([A-Za-z]{3})[a-z]*[-,\s]\s*(\d{4})${rest}`,
);
const monthThenDay = new RegExp(String.raw`${weekday}([A-Za-z]{3})[a-z]*\.?\s(\d{1,2}),?\s(\d{4})${rest}`);

function epoch(name: string, perSecond: number): TimeFormat {
  return {
    name,
    parse(text) {
      if (!/^\d+(?:\.\d+)?$/.test(text)) return undefined;
      const seconds = Number(text) / perSecond;
      const isOwn = Number(text) > (latestUnixSeconds * perSecond) / 1000 && seconds <= latestUnixSeconds;
      return isOwn ? seconds : undefined;
    },
  };
}

/** The month named in letters, 1 … 12; 0 for another word. */
const monthOf = (word: string | undefined) => months.indexOf(word?.toLowerCase() ?? '') + 1;

/** Every format that says by itself what it means, in the order in which they are tried. */
export const plainFormats: readonly TimeFormat[] = [
  { name: 'unix seconds or ISO times', parse: parseMoment },
  epoch('milliseconds', 1e3),
  epoch('microseconds', 1e6),
  epoch('nanoseconds', 1e9),
  {
    name: 'year, month, day',
    parse(text) {
      const [match, year, , month, day, clock] = yearFirst.exec(text) ?? [];
      return match === undefined ? undefined : at(Number(year), Number(month), Number(day), clock);
    },
  },
  {
    name: 'day.month.year',
    parse(text) {
      const [match, day, month, year, clock] = dotted.exec(text) ?? [];
      return match === undefined ? undefined : at(Number(year), Number(month), Number(day), clock);
    },
  },
  {
    name: 'dates with the name of the month',
    parse(text) {
      const [first, day, month, year, clock] = dayThenMonth.exec(text) ?? [];
      if (first !== undefined) return at(Number(year), monthOf(month), Number(day), clock);
      const [second, named, numbered, ofYear, then] = monthThenDay.exec(text) ?? [];
      return second === undefined ? undefined : at(Number(ofYear), monthOf(named), Number(numbered), then);
    },
  },
];

/** Day and month of a date such as 03/04/2026, in the order in which they are written; undefined for another text. */
export function twoNumbersOf(text: string): readonly [number, number] | undefined {
  const [match, first, , second] = twoThenYear.exec(text) ?? [];
  return match === undefined ? undefined : [Number(first), Number(second)];
}

export const monthFirst = { name: 'month/day/year', parse: (text) => numbered(text, 1) } satisfies TimeFormat;
export const dayFirst = { name: 'day/month/year', parse: (text) => numbered(text, 0) } satisfies TimeFormat;

function numbered(text: string, dayAt: 0 | 1): number | undefined {
  const [match, first, , second, year, clock] = twoThenYear.exec(text) ?? [];
  if (match === undefined) return undefined;
  const [day, month] = dayAt === 0 ? [first, second] : [second, first];
  return at(Number(year), Number(month), Number(day), clock);
}

/** Whether a text is a time in some format. */
export function isTime(text: string): boolean {
  return twoNumbersOf(text) !== undefined || plainFormats.some((format) => format.parse(text) !== undefined);
}
