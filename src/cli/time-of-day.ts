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
