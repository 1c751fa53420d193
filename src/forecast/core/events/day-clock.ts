import { daySeconds } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import type { CalendarEvent, EventLikeness } from '../contract.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import { parts } from './occurrence.ts';
import { createPlaceClocks } from './place-clock.ts';

/** One day's moment is at most this many times another's, as a root; beyond is noise of nights. */
const leastTimes = 0.3;
const mostTimes = 3;
/** Roots below this are noise of nights: the first credible demand has a root of seven. */
const noiseRoot = 0.3;
const weekdays: Readonly<Record<EventLikeness, number>> = { sunday: 0, saturday: 6 };
/** 1970-01-01 was a Thursday. */
const firstWeekday = 4;

export type DayClock = ReturnType<typeof createDayClock>;

/** What clocks say of a grid time, and what is usual then. A step is a local step; roots are square roots of demand. */
export function createDayClock(
  { gridSeconds, shortSteps, longSteps }: Pick<Lengths, 'gridSeconds' | 'shortSteps' | 'longSteps'>,
  axis: LocalAxis | undefined,
  { usualDay, usualWeek }: Readonly<Record<'usualDay' | 'usualWeek', SlotMeans>>,
  calendar: readonly CalendarEvent[],
) {
  const isWeekly = shortSteps * gridSeconds === daySeconds && longSteps === 7 * shortSteps;
  const smoothSteps = Math.round(shortSteps / 96);

  function smooth(step: number): number {
    let sum = 0;
    for (let at = step - smoothSteps; at <= step + smoothSteps; at++)
      sum += usualWeek.ofSlot(((at % longSteps) + longSteps) % longSteps);
    return sum / (2 * smoothSteps + 1);
  }

  /** Middle of the step that closes at a grid time, unix seconds. */
  const middleOf = (gridTime: number) => gridTime - gridSeconds / 2;

  function localTime(unixSeconds: number): number {
    if (axis === undefined) return unixSeconds;
    const closed = unixSeconds + gridSeconds / 2;
    return unixSeconds + (axis.stepAt(closed) - Math.floor(closed / gridSeconds)) * gridSeconds;
  }

  const places = createPlaceClocks(calendar, localTime);

  return {
    middleOf,
    /** Part of the local day, 0 … parts − 1. */
    partOfDay: (gridTime: number) => Math.floor(parts * shareOf(localTime(middleOf(gridTime)))),
    /** How much of its day has passed where an event takes place, from 0 on and below 1. */
    shareOfDay: (gridTime: number, event: CalendarEvent) => shareOf(places.timeAt(middleOf(gridTime), event)),
    /** The part of the local day in which the middle of a part of the day is where an event takes place. */
    localPart: (part: number, event: CalendarEvent) =>
      Math.floor(parts * shareOf(((part + 0.5) / parts) * daySeconds + places.midnightAt(event))),
    /** What is usual at a step, a root; NaN where it is not known. */
    usualRoot: (step: number) => (usualWeek.isFull ? usualWeek.at(step) : usualDay.at(step)),
    /** Whether every moment of the longest season has been seen, so that an event can be compared with it. */
    get knowsUsual() {
      return longSteps > 0 ? usualWeek.isFull : usualDay.isFull;
    },
    /**
     * How many times the moment of another day of the week has the demand of this one, less 1, as roots; 0 where that is not known,
     * and on that day itself.
     */
    awayFrom(event: CalendarEvent, gridTime: number, step: number): number {
      const like = likenessOf(event);
      if (like === undefined || !isWeekly || !usualWeek.isFull) return 0;
      const day = Math.floor(places.timeAt(middleOf(gridTime), event) / daySeconds);
      const weekday = (day + firstWeekday) % 7;
      const days = (weekdays[like] - weekday + 7) % 7;
      if (days === 0) return 0;
      const times = (smooth(step + days * shortSteps) + noiseRoot) / (smooth(step) + noiseRoot);
      return Math.min(mostTimes, Math.max(leastTimes, times)) - 1;
    },
  };
}

const likenessOf = ({ effect }: CalendarEvent): EventLikeness | undefined =>
  effect.type === 'learned' ? effect.like : undefined;

/** How much of a day has passed at a time, from 0 on and below 1. */
const shareOf = (seconds: number): number => seconds / daySeconds - Math.floor(seconds / daySeconds);
