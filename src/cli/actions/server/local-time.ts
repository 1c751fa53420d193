import { createTimeZone } from '../../../forecast/index.ts';
import { zonedTime } from '../../../platform/moment.ts';
import type { TimeOfDay } from '../../time-of-day.ts';

/** The last moment up to now at which the clocks of a time zone showed that time; unix seconds. */
export function lastTimeOfDay({ daySeconds }: TimeOfDay, timeZone: string, nowSeconds: number): number {
  const { offsetAt } = createTimeZone(timeZone);
  const clockSeconds = (unixSeconds: number) => remainder(unixSeconds + offsetAt(unixSeconds), 86_400);
  const now = Math.floor(nowSeconds);
  const found = now - remainder(clockSeconds(now) - daySeconds, 86_400);
  // Where clocks were changed since, they showed another time then.
  const missed = daySeconds - clockSeconds(found);
  const corrected = found + remainder(missed + 43_200, 86_400) - 43_200;
  return corrected > nowSeconds ? corrected - 86_400 : corrected;
}

/** The remainder of a division, never below 0. */
function remainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

/** The time of day that the clocks of a time zone show at a moment: `02:40`. */
export function clockTime(unixSeconds: number, timeZone: string): string {
  return zonedTime(unixSeconds, createTimeZone(timeZone).offsetAt(unixSeconds)).slice(11, 16);
}
