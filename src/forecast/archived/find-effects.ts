import { quantile } from 'simple-statistics';
import { type CalendarDate, dateOf } from './dates.ts';
import type { DayDemand } from './days.ts';
import { type UnusualDay, unusualDays } from './usual-day.ts';

/** Days that share something in the calendar, and on which demand was higher than usual time and again. */
export interface Effect {
  /** `month-end`, `first-of-month`, or `yearly`. */
  readonly kind: 'month-end' | 'first-of-month' | 'yearly';
  /** For people: `end of the month`, `every year on 24 December`. */
  readonly name: string;
  /** Demand over the usual demand of such a weekday, above 1. */
  readonly ratio: number;
  /** The days that show it, counted from 1 January 1970, oldest first. */
  readonly shownOn: readonly number[];
  readonly isOn: (date: CalendarDate) => boolean;
}

/** Fewest occurrences of a day of every month, and of a day of the year. */
const fewestMonths = 4;
const fewestYears = 2;
/** Smallest rise that is worth an effect. */
const leastMonthRatio = 1.05;
const leastYearRatio = 1.2;
/**
 * How far the ranks of the days must be above those of all others, in standard deviations: a chance of 1 in 1,000, and two kinds are
 * tried.
 */
const leastRankScore = 3.1;
/** Share of all days that both or all occurrences of a day of the year must be above: 700 are tried, and chance has 0.07 of them. */
const yearQuantile = 0.99;
/** A ratio is told in hundredths, so that replicas whose archives differ by a row tell the same. */
const hundredths = 100;

/**
 * Effects of the calendar that the days show: ends and beginnings of months, and days of the year by date or by the nth weekday of their
 * month. Each is tested against chance; what is not shown is none. Only rises are told.
 */
export function findEffects(days: readonly DayDemand[]): Effect[] {
  const unusual = unusualDays(days);
  return [...monthEffects(unusual), ...yearEffects(unusual)];
}

function monthEffects(unusual: readonly UnusualDay[]): Effect[] {
  const kinds: readonly Pick<Effect, 'kind' | 'name' | 'isOn'>[] = [
    { kind: 'month-end', name: 'end of the month', isOn: ({ isLastOfMonth }) => isLastOfMonth },
    { kind: 'first-of-month', name: 'first of the month', isOn: ({ dayOfMonth }) => dayOfMonth === 1 },
  ];
  return kinds.flatMap((one) => {
    const shown = unusual.filter(({ day }) => one.isOn(dateOf(day)));
    const others = unusual.filter(({ day }) => !one.isOn(dateOf(day)));
    if (shown.length < fewestMonths || rankScore(shown, others) < leastRankScore) return [];
    const ratio = ratioOf(shown, 0.5);
    return ratio < leastMonthRatio ? [] : [{ ...one, ratio, shownOn: shown.map(({ day }) => day) }];
  });
}

/** How far the ranks of some values are above those of the others: the rank-sum test of Wilcoxon (1945), by its normal approximation. */
function rankScore(some: readonly UnusualDay[], others: readonly UnusualDay[]): number {
  let wins = 0;
  for (const { deviation } of some) {
    for (const other of others) {
      wins += deviation > other.deviation ? 1 : deviation === other.deviation ? 0.5 : 0;
    }
  }
  const pairs = some.length * others.length;
  return pairs === 0 ? 0 : (wins - pairs / 2) / Math.sqrt((pairs * (some.length + others.length + 1)) / 12);
}

function yearEffects(unusual: readonly UnusualDay[]): Effect[] {
  if (unusual.length === 0) return [];
  const sizes = unusual.map(({ deviation }) => deviation);
  const least = Math.max(Math.log(leastYearRatio), quantile(sizes, yearQuantile));
  const found = new Map<string, Effect>();
  for (const nameOf of [byDate, byWeekday]) {
    const groups = Map.groupBy(unusual, ({ day }) => nameOf(dateOf(day)));
    for (const [name, shown] of groups) {
      const isShown = shown.length >= fewestYears && shown.every(({ deviation }) => deviation >= least);
      if (!isShown) continue;
      const isOn = (date: CalendarDate) => nameOf(date) === name;
      const shownOn = shown.map(({ day }) => day);
      // The same days under another name are the same effect.
      const key = shownOn.join();
      if (!found.has(key)) found.set(key, { kind: 'yearly', name, ratio: ratioOf(shown, 0), shownOn, isOn });
    }
  }
  return [...found.values()];
}

const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const nths = ['first', 'second', 'third', 'fourth', 'fifth'];

const byDate = ({ month, dayOfMonth }: CalendarDate) => `every year on ${dayOfMonth} ${months[month - 1]}`;
const byWeekday = ({ month, weekday, nthOfWeekday }: CalendarDate) =>
  `every year on the ${nths[nthOfWeekday - 1]} ${weekdays[weekday]} of ${months[month - 1]}`;

function ratioOf(shown: readonly UnusualDay[], level: number): number {
  const deviation = quantile(
    shown.map((one) => one.deviation),
    level,
  );
  return Math.round(hundredths * Math.exp(deviation)) / hundredths;
}
