const daySeconds = 86_400;
const weekDays = 7;
/** 1970-01-01 was a Thursday. */
const weekdayOfEpoch = 4;
/** Days of 400 years, of 100 years, of 4 years and of one; and from 0000-03-01 to 1970-01-01. */
const eraDays = 146_097;
const centuryDays = 36_524;
const leapDays = 1460;
const epochDays = 719_468;

/** A point of a local calendar. */
export interface LocalMinute {
  readonly minute: number;
  readonly hour: number;
  readonly dayOfMonth: number;
  /** 1 … 12 */
  readonly month: number;
  /** 0 = Sunday … 6 */
  readonly weekday: number;
}

/**
 * The calendar at seconds of local time, counted as unix seconds are.
 * Source: H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days.
 */
export function localMinute(localSeconds: number): LocalMinute {
  const days = Math.floor(localSeconds / daySeconds);
  const ofDay = localSeconds - days * daySeconds;
  const dayOfEra = (days + epochDays) % eraDays;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / leapDays) +
      Math.floor(dayOfEra / centuryDays) -
      Math.floor(dayOfEra / (eraDays - 1))) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months are counted from March, so that the leap day is the last of its year.
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  return {
    minute: Math.floor((ofDay % 3600) / 60),
    hour: Math.floor(ofDay / 3600),
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    month: monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9,
    weekday: (((days + weekdayOfEpoch) % weekDays) + weekDays) % weekDays,
  };
}
