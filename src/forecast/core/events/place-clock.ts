import { daySeconds } from '../clock/grid.ts';
import type { CalendarEvent } from '../contract.ts';

/** An hour that is changed makes a day so much longer or shorter, and a midnight so much later or earlier; two in Antarctica. */
const changedSeconds = 2 * 3600;
/** Where midnight comes so late by the clocks that are followed, or later, it is that of the next day: New Zealand is 13 hours ahead. */
const eastFromSeconds = 10.5 * 3600;

/**
 * The clocks of the places that events are for. A series whose trigger names no time zone follows UTC, and there a holiday of New York begins
 * at four or five in the morning: what is called its night, and its weekday, must be its own. Those of a kind of event are the clocks by
 * which most of its events of whole days begin at midnight. `localTime` turns unix seconds into the time by the clocks that the series
 * follows.
 */
export function createPlaceClocks(
  events: readonly CalendarEvent[],
  localTime: (unixSeconds: number) => number,
) {
  const beginnings = new Map<string, number[]>();
  for (const { kind, startSeconds } of events.filter(isWholeDays)) {
    const time = modulo(localTime(startSeconds), daySeconds);
    const others = beginnings.get(kind);
    if (others === undefined) beginnings.set(kind, [time]);
    else others.push(time);
  }
  const midnights = new Map([...beginnings].map(([kind, times]) => [kind, midnightOf(times)]));

  const midnightAt = ({ kind }: CalendarEvent): number => midnights.get(kind) ?? 0;

  /** How long after midnight an event of whole days begins, as far as clocks that are changed there explain it. */
  function latenessOf(event: CalendarEvent): number {
    if (!isWholeDays(event)) return 0;
    const lateness = fromMidnight(localTime(event.startSeconds) - midnightAt(event));
    return Math.abs(lateness) <= changedSeconds ? lateness : 0;
  }

  return {
    /** When it is midnight where an event takes place, by the clocks that the series follows, seconds: negative the evening before. */
    midnightAt,
    /** The time of the place of an event at a unix time, seconds: an event of whole days begins its days itself. */
    timeAt: (unixSeconds: number, event: CalendarEvent): number =>
      localTime(unixSeconds) - midnightAt(event) - latenessOf(event),
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
