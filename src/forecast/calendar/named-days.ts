import type { CalendarEvent } from '../core/index.ts';
import type { CalendarSpan } from './calendar-span.ts';
import type { CalendarDefinition, NamedDay } from './definitions.ts';
import { eventOf } from './effect.ts';
import type { ZoneTimes } from './zone-times.ts';

const daySeconds = 86_400;
const names = {
  'month-end': 'end of the month',
  'first-of-month': 'first of the month',
} as const satisfies Record<NamedDay, string>;

/** The last and the first day of each month, as asked for, from midnight to midnight of the zone. */
export function namedDays(
  { days = [], ...words }: CalendarDefinition,
  { fromSeconds, toSeconds }: CalendarSpan,
  zone: ZoneTimes,
): CalendarEvent[] {
  const events: CalendarEvent[] = [];
  const first = new Date(fromSeconds * 1000);
  for (let month = 0; ; month++) {
    const firstDay = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1) / 1000;
    if (firstDay - daySeconds > toSeconds) return events;
    for (const day of days) {
      const begin = day === 'month-end' ? firstDay - daySeconds : firstDay;
      const times = { startSeconds: zone.toUnix(begin), endSeconds: zone.toUnix(begin + daySeconds) };
      events.push(eventOf({ ...times, name: names[day] }, words, day));
    }
  }
}
