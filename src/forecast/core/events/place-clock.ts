import { daySeconds } from '../clock/grid.ts';
import type { CalendarEvent } from '../contract.ts';

/** An hour that is changed makes a day so much longer or shorter, and a midnight so much later or earlier; two in Antarctica. */
const changedSeconds = 2 * 3600;
/** Where midnight comes so late by the clocks that are followed, or later, it is that of the next day: New Zealand is 13 hours ahead. */
const eastFromSeconds = 10.5 * 3600;

/**
 * The clocks of the place that a calendar is for. A series whose trigger names no time zone follows UTC, and there a holiday of New York
 * begins at four or five in the morning: what is called its night, and its weekday, must be its own. The clocks are those by which most
 * events of whole days begin at midnight. `localTime` turns unix seconds into the time by the clocks that the series follows.
 */
export function createPlaceClock(
  events: readonly CalendarEvent[],
  localTime: (unixSeconds: number) => number,
) {
  const offsetSeconds = -midnightOf(
    events.filter(isWholeDays).map(({ startSeconds }) => modulo(localTime(startSeconds), daySeconds)),
  );

  /** How long after midnight an event of whole days begins, as far as clocks that are changed there explain it. */
  function latenessOf(event: CalendarEvent): number {
    if (!isWholeDays(event)) return 0;
    const lateness = fromMidnight(localTime(event.startSeconds) + offsetSeconds);
    return Math.abs(lateness) <= changedSeconds ? lateness : 0;
  }

  return {
    /** The time of the place at a unix time, seconds; within `event` by what its own beginning says. */
    timeAt: (unixSeconds: number, event?: CalendarEvent): number =>
      localTime(unixSeconds) + offsetSeconds - (event === undefined ? 0 : latenessOf(event)),
  };
}

function isWholeDays({ startSeconds, endSeconds }: CalendarEvent): boolean {
  const seconds = endSeconds - startSeconds;
  return seconds >= daySeconds / 2 && Math.abs(fromMidnight(seconds)) <= changedSeconds;
}

/** The most frequent of some times of the day, seconds: negative where midnight of the place comes the evening before; 0 of none. */
function midnightOf(times: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  let [best, most] = [0, 0];
  for (const [time, count] of counts) {
    const midnight = time < eastFromSeconds ? time : time - daySeconds;
    const isNearer = Math.abs(midnight) < Math.abs(best) || (midnight === -best && midnight > best);
    if (count > most || (count === most && isNearer)) [best, most] = [midnight, count];
  }
  return best;
}

const modulo = (value: number, by: number) => ((value % by) + by) % by;

/** How far a time is from the nearest midnight, seconds: negative before it. */
const fromMidnight = (seconds: number) => modulo(seconds + daySeconds / 2, daySeconds) - daySeconds / 2;
