import { moment } from '../platform/moment.ts';
import type { Kind } from '../platform/setting-values.ts';

/** A time on a clock, seconds since its midnight. */
export interface TimeOfDay {
  readonly daySeconds: number;
}

const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** A moment, unix seconds, or a time on a clock such as 02:40. */
export const momentOrTimeOfDay: Kind<number | TimeOfDay> = {
  allowed: `${moment.allowed}, or a time of day such as 02:40`,
  parse(text) {
    const [, hours, minutes, seconds = '0'] = clockPattern.exec(text.trim()) ?? [];
    if (hours === undefined) return moment.parse(text);
    return { daySeconds: 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds) };
  },
};

/** The last moment up to now at which the clocks of a time zone showed that time; unix seconds. */
export function lastTimeOfDay({ daySeconds }: TimeOfDay, timeZone: string, nowSeconds: number): number {
  const shown = clockSeconds(nowSeconds, timeZone);
  const ago = (((shown - daySeconds) % 86_400) + 86_400) % 86_400;
  const found = Math.floor(nowSeconds) - ago;
  // Where clocks were changed since, they showed another time then.
  const missed = daySeconds - clockSeconds(found, timeZone);
  const nearest = ((((missed + 43_200) % 86_400) + 86_400) % 86_400) - 43_200;
  const corrected = found + nearest;
  return corrected > nowSeconds ? corrected - 86_400 : corrected;
}

/** The time of day that the clocks of a time zone show at a moment: `02:40`. */
export function clockTime(unixSeconds: number, timeZone: string): string {
  const minutes = Math.floor(clockSeconds(unixSeconds, timeZone) / 60);
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** What the clocks of a zone show at a moment, seconds since midnight. */
function clockSeconds(unixSeconds: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(Math.floor(unixSeconds) * 1000));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return 3600 * part('hour') + 60 * part('minute') + part('second');
}
