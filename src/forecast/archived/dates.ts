/** A date of the calendar that everybody uses. */
export interface CalendarDate {
  readonly month: number;
  readonly dayOfMonth: number;
  /** 0 = Sunday. */
  readonly weekday: number;
  /** How often that weekday was in the month up to the date: 4 = it is the fourth Friday. */
  readonly nthOfWeekday: number;
  readonly isLastOfMonth: boolean;
}

const dayMs = 86_400_000;

/** The date of a day that is counted from 1 January 1970. */
export function dateOf(day: number): CalendarDate {
  const date = new Date(day * dayMs);
  const dayOfMonth = date.getUTCDate();
  return {
    month: date.getUTCMonth() + 1,
    dayOfMonth,
    weekday: date.getUTCDay(),
    nthOfWeekday: Math.ceil(dayOfMonth / 7),
    isLastOfMonth: new Date((day + 1) * dayMs).getUTCDate() === 1,
  };
}

/** The first day of the month of a day. */
export function monthStart(day: number): number {
  return day - dateOf(day).dayOfMonth + 1;
}
