/** Names of the weekdays, beginning with the Thursday of unix 0. */
export const weekdays = [
  'thursday',
  'friday',
  'saturday',
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
] as const;

export type Weekday = (typeof weekdays)[number];

/** The weekday of a moment, when days last `daySeconds`. */
export function weekdayAt(unixSeconds: number, daySeconds: number): Weekday {
  const day = Math.floor(unixSeconds / daySeconds);
  return weekdays[((day % 7) + 7) % 7] ?? 'thursday';
}

export function isWeekend(day: Weekday): boolean {
  return day === 'saturday' || day === 'sunday';
}
