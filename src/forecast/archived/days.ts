import { createTimeZone } from '../core/index.ts';

const daySeconds = 86_400;

/** Mean demand of one local day, counted from 1 January 1970. */
export interface DayDemand {
  readonly day: number;
  readonly mean: number;
}

/** Demand of a span of some minutes that ends at a moment. */
interface Demand {
  readonly atSeconds: number;
  readonly mean: number;
}

/** Share of a day that must be known, so that its mean is one of the day. */
const knownShare = 0.9;

/** The local days in a zone. */
export interface LocalDays {
  dayOf(unixSeconds: number): number;
  /** Unix seconds of the first moment of a day. */
  startOf(day: number): number;
}

/** Thousands of series have the same zone, of which there are some hundred; a name may be written in many ways. */
const mostZones = 1_000;
const daysByZone = new Map<string, LocalDays>();

/** The local days in a zone. Throws a RangeError that names a zone nobody knows. */
export function localDaysOf(timeZone = 'UTC'): LocalDays {
  const known = daysByZone.get(timeZone);
  if (known !== undefined) return known;
  if (daysByZone.size >= mostZones) daysByZone.clear();
  const days = createLocalDays(timeZone);
  daysByZone.set(timeZone, days);
  return days;
}

/** Throws a RangeError that names a zone nobody knows. */
export function createLocalDays(timeZone = 'UTC'): LocalDays {
  const zone = createTimeZone(timeZone);
  return {
    dayOf: (unixSeconds) => Math.floor((unixSeconds + zone.offsetAt(unixSeconds)) / daySeconds),
    startOf(day) {
      const local = day * daySeconds;
      // The offset at midnight is found from one nearby, which may be that of the day before.
      const near = local - zone.offsetAt(local);
      return local - zone.offsetAt(near);
    },
  };
}

/** Adds up demand to local days, part by part. */
export interface DaySums {
  add(demand: readonly Demand[]): void;
  /** Mean demand of each whole day, oldest first. A day of 23 or 25 hours is one as any other. */
  days(): DayDemand[];
}

export function createDaySums(lengthSeconds: number, days: LocalDays): DaySums {
  const sums = new Map<number, { sum: number; count: number }>();
  return {
    add(demand) {
      for (const { atSeconds, mean } of demand) {
        const day = days.dayOf(atSeconds - lengthSeconds / 2);
        const of = sums.get(day) ?? { sum: 0, count: 0 };
        of.sum += mean;
        of.count++;
        sums.set(day, of);
      }
    },
    days: () =>
      [...sums]
        .flatMap(([day, { sum, count }]) => {
          const whole = (days.startOf(day + 1) - days.startOf(day)) / lengthSeconds;
          return count >= knownShare * whole ? [{ day, mean: sum / count }] : [];
        })
        .sort((a, b) => a.day - b.day),
  };
}
