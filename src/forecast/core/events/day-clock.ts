import { daySeconds } from '../clock/grid.ts';
import type { Lengths } from '../clock/lengths.ts';
import type { LocalAxis } from '../clock/local-axis.ts';
import type { CalendarEvent, EventLikeness } from '../contract.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import { parts } from './occurrence.ts';
import { createPlaceClock } from './place-clock.ts';

/** One day's moment is at most this many times another's, as a root; beyond is noise of nights. */
const leastTimes = 0.3;
const mostTimes = 3;
/** Roots below this are noise of nights: the first credible demand has a root of seven. */
const noiseRoot = 0.3;
const weekdays: Readonly<Record<EventLikeness, number>> = { sunday: 0, saturday: 6 };
/** 1970-01-01 was a Thursday. */
const firstWeekday = 4;

export type DayClock = ReturnType<typeof createDayClock>;

/**
 * What the clocks of the place of a calendar say of a grid time, and what is usual then. A step is a local step; roots are square roots of
 * demand.
 */
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

  const place = createPlaceClock(calendar, localTime);
  const shareOfDay = (gridTime: number, event?: CalendarEvent) => {
    const days = place.timeAt(middleOf(gridTime), event) / daySeconds;
    return days - Math.floor(days);
  };

  return {
    middleOf,
    /** Part of the day of the place, 0 … parts − 1. */
    partOfDay: (gridTime: number) => Math.floor(parts * shareOfDay(gridTime)),
    /** How much of the day of the place has passed, from 0 on and below 1. */
    shareOfDay,
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
      const day = Math.floor(place.timeAt(middleOf(gridTime), event) / daySeconds);
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
