import { ease } from './ease.ts';
import type { LoadShape } from './load-shape.ts';

export interface Holidays {
  /** A moment of each holiday; the day is the one of `daySeconds` it falls into. */
  readonly onSeconds: readonly number[];
  /** Length of a day; less than 86,400 compresses time. Days are counted from unix 0, which is a Thursday. */
  readonly daySeconds?: number;
}

/** Weekday of the Sunday, counted from unix 0's Thursday. */
const sunday = 3;
/** People go over from one kind of day to the other in this part of a day, around midnight. */
const changeoverRatio = 1 / 24;

/**
 * `shape` in which a holiday is like the Sunday nearest to it, with an hour's change-over around each midnight.
 * Throws a RangeError for a day of no length and a holiday that is no time.
 */
export function withHolidays(shape: LoadShape, { onSeconds, daySeconds = 86_400 }: Holidays): LoadShape {
  if (!(daySeconds > 0)) throw new RangeError(`daySeconds must be above 0, not ${daySeconds}`);
  const wrong = onSeconds.find((moment) => !Number.isFinite(moment));
  if (wrong !== undefined) throw new RangeError(`onSeconds must be times, not ${wrong}`);
  const holidays = new Set(onSeconds.map((moment) => Math.floor(moment / daySeconds)));

  return (unixSeconds) => {
    const day = Math.floor(unixSeconds / daySeconds);
    const part = unixSeconds / daySeconds - day;
    // Only the day itself and, near midnight, the one on its other side have a say; together always 1.
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
