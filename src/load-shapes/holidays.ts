import { ease } from './ease.ts';
import type { LoadShape } from './load-shape.ts';

export interface Holidays {
  /** A moment within each holiday. The holiday is the whole day, of length `daySeconds`, that the moment is in. */
  readonly onSeconds: readonly number[];
  /** Length of a day; less than 86,400 compresses time. Days are counted from unix 0, which is a Thursday. */
  readonly daySeconds?: number;
}

/** Number of Sunday among the weekdays, counted from the Thursday of unix 0. */
const sunday = 3;
/** Share of a day, around midnight, in which load changes from one kind of day to the other. */
const changeoverRatio = 1 / 24;

/**
 * Gives each holiday in `shape` the load of the nearest Sunday, with a smooth change of an hour around each midnight.
 * Throws a RangeError for a day of no length and for a holiday that is not a finite time.
 */
export function withHolidays(shape: LoadShape, { onSeconds, daySeconds = 86_400 }: Holidays): LoadShape {
  if (!(daySeconds > 0)) throw new RangeError(`daySeconds must be above 0, not ${daySeconds}`);
  const wrong = onSeconds.find((moment) => !Number.isFinite(moment));
  if (wrong !== undefined) throw new RangeError(`onSeconds must be times, not ${wrong}`);
  const holidays = new Set(onSeconds.map((moment) => Math.floor(moment / daySeconds)));

  return (unixSeconds) => {
    const day = Math.floor(unixSeconds / daySeconds);
    const part = unixSeconds / daySeconds - day;
    // The load mixes the day itself and, near midnight, the day on the other side of it. The two weights add up to 1.
    const other = part < 0.5 ? day - 1 : day + 1;
    if (!(holidays.has(day) || holidays.has(other))) return shape(unixSeconds);
    const toMidnight = Math.min(part, 1 - part);
    const own = ease(0.5 + toMidnight / changeoverRatio);
    const rateOf = (one: number) =>
      shape(holidays.has(one) ? unixSeconds + daysToSunday(one) * daySeconds : unixSeconds);
    return own === 1 ? rateOf(day) : own * rateOf(day) + (1 - own) * rateOf(other);
  };
}

function daysToSunday(day: number): number {
  const weekday = ((day % 7) + 7) % 7;
  return sunday - weekday;
}
