import { readIcal } from '../../../../src/forecast/calendar/ical/read-ical.ts';

/** An iCalendar file with these lines as it goes over the wire. */
export function calendarOf(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

/** A VEVENT with these lines. */
export function vevent(...lines: readonly string[]): string {
  return ['BEGIN:VEVENT', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\r\n');
}

const span = { fromSeconds: Date.UTC(2026, 0, 1) / 1000, toSeconds: Date.UTC(2029, 0, 1) / 1000 };

/** What is read of a text, with times as people write them. */
export function read(text: string, definition: Partial<Parameters<typeof readIcal>[1]> = {}) {
  const { events, warnings } = readIcal(text, { name: 'team', ...definition }, span);
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(':00.000Z', 'Z');
  return {
    warnings,
    events,
    lines: events.map(
      ({ startSeconds, endSeconds, name }) => `${iso(startSeconds)} ${iso(endSeconds)} ${name}`,
    ),
  };
}
