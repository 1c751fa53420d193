import { median } from 'simple-statistics';
import type { DayDemand } from './days.ts';

/** By how much demand of a day was beside what is usual of its weekday around it. */
export interface UnusualDay {
  readonly day: number;
  /** Natural logarithm of the demand over the usual one: 0 = as usual. */
  readonly deviation: number;
}

/** Weeks on each side from which the usual demand of a weekday is taken, and how many days of them must be known. */
const weeksAround = 4;
const fewestAround = 3;

/** Compares each day with the median of the same weekday in the weeks around it. Days without demand, and days among too few, are left out. */
export function unusualDays(days: readonly DayDemand[]): UnusualDay[] {
  const byDay = new Map(days.map(({ day, mean }) => [day, mean]));
  return days.flatMap(({ day, mean }) => {
    const around: number[] = [];
    for (let week = 1; week <= weeksAround; week++) {
      for (const other of [byDay.get(day - 7 * week), byDay.get(day + 7 * week)]) {
        if (other !== undefined) around.push(other);
      }
    }
    if (around.length < fewestAround) return [];
    const usual = median(around);
    return usual > 0 && mean > 0 ? [{ day, deviation: Math.log(mean / usual) }] : [];
  });
}
