import { type Weekday, weekdays } from './week.ts';

/** What a text says, or undefined where it is not allowed. */

export function parseNumber(text: string, lowest: number, highest: number): number | undefined {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= lowest && value <= highest ? value : undefined;
}

/** The same, without the lowest. */
export function parsePositive(text: string, highest: number): number | undefined {
  return parseNumber(text, Number.MIN_VALUE, highest);
}

export function parseWhole(text: string, lowest: number, highest: number): number | undefined {
  const value = parseNumber(text, lowest, highest);
  return Number.isInteger(value) ? value : undefined;
}

/** Without a slash at its end, so that a path can follow; without a user, because the summary shows it. */
export function parseUrl(text: string): string | undefined {
  return /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text) ? text.replace(/\/+$/, '') : undefined;
}

export function parseWeekday(text: string): Weekday | undefined {
  return weekdays.find((day) => day === text.toLowerCase());
}

export function parseWeekdays(text: string): readonly Weekday[] | undefined {
  const days = text.split(',').map((part) => parseWeekday(part.trim()));
  const known = days.filter((day) => day !== undefined);
  return known.length === days.length ? known : undefined;
}
