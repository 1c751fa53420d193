import ICAL from 'ical.js';
import { type EventTime, timesOf, unixOf } from './event-times.ts';
import type { FileZones } from './file-zones.ts';

const daySeconds = 86_400;

/** How long the occurrences of an event last. */
interface EventLength {
  /** Unix seconds of the end of an occurrence that begins then. */
  endOf(start: EventTime): number;
}

/**
 * The length of an event. It is what clocks show between beginning and end, so that a night's work ends at six however long the night is;
 * where the two are told in different zones, it is the time between them.
 */
export function lengthOf(
  component: ICAL.Component,
  zones: FileZones,
  warn: (sentence: string) => void,
): EventLength {
  const [first] = timesOfFirst(component, 'dtstart', zones, warn);
  const [end] = timesOfFirst(component, 'dtend', zones, warn);
  const byWall = (seconds: number): EventLength => ({
    endOf: (start) => start.zone.toUnix(start.wallSeconds + seconds),
  });
  if (first !== undefined && end !== undefined) {
    if (first.zone === end.zone) return byWall(end.wallSeconds - first.wallSeconds);
    const seconds = unixOf(end) - unixOf(first);
    return { endOf: (start) => unixOf(start) + seconds };
  }
  const duration = component.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) {
    // Days are of the clocks, hours of time (RFC 5545, 3.3.6).
    const { weeks, days, hours, minutes, seconds } = duration;
    const wallSeconds = (7 * weeks + days) * daySeconds;
    const exactSeconds = hours * 3600 + minutes * 60 + seconds;
    return {
      endOf: (start) => start.zone.toUnix(start.wallSeconds + wallSeconds) + exactSeconds,
    };
  }
  // Without an end, a day lasts a day, and a time is a moment (RFC 5545, 3.6.1).
  return byWall(first?.isDay === true ? daySeconds : 0);
}

function timesOfFirst(
  component: ICAL.Component,
  name: string,
  zones: FileZones,
  warn: (sentence: string) => void,
): EventTime[] {
  const property = component.getFirstProperty(name);
  return property === null ? [] : timesOf(property, zones, warn);
}
