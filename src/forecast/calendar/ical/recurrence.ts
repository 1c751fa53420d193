import ICAL from 'ical.js';
import type { CalendarSpan } from '../calendar-span.ts';
import type { EventTime } from './event-times.ts';
import { timeAt, wallOf } from './file-zones.ts';

/** Steps of one rule. A rule for every day takes one for each day since it began; a rule of seconds, or one that never comes true, more. */
const mostSteps = 50_000;
/** Occurrences of one rule within the span. */
const mostOccurrences = 1_500;
const daySeconds = 86_400;

/**
 * What clocks show at the beginnings of a rule's occurrences, from the first that may reach into the span to its end. Throws an error
 * where a rule is too frequent, or never comes true.
 */
export function occurrencesOf(
  rule: ICAL.Recur,
  start: EventTime,
  { fromSeconds, toSeconds }: CalendarSpan,
  lengthSeconds: number,
): number[] {
  const iterator = iteratorOf(rule, start);
  // The end of a rule may be said in UTC, occurrences are of the clocks.
  const untilWall = rule.until === null ? Number.POSITIVE_INFINITY : untilOf(rule.until, start);
  const firstWall = fromSeconds - lengthSeconds - daySeconds;
  const lastWall = Math.min(toSeconds + daySeconds, untilWall);
  const found: number[] = [];
  for (let next = iterator.next(); next; next = iterator.next()) {
    const wallSeconds = wallOf(next);
    if (wallSeconds > lastWall) break;
    if (wallSeconds < firstWall) continue;
    found.push(wallSeconds);
    if (found.length > mostOccurrences)
      throw new Error(`it comes more than ${mostOccurrences} times in the years that are read`);
  }
  return found;
}

function iteratorOf(rule: ICAL.Recur, { wallSeconds, isDay }: EventTime): ICAL.RecurIterator {
  const endless = rule.clone();
  // The library compares the end, which may be of UTC, with what clocks show.
  if (endless.until !== null) endless.until = timeAt(wallOf(endless.until) + 2 * daySeconds);
  const first = timeAt(wallSeconds);
  first.isDate = isDay;
  const iterator = endless.iterator(first);
  const checkRules = iterator.check_contracting_rules.bind(iterator);
  let steps = 0;
  // Its loop over days that do not fit has no end of its own.
  iterator.check_contracting_rules = () => {
    if (++steps > mostSteps)
      throw new Error('its rule is too frequent, began too long ago, or never comes true');
    return checkRules();
  };
  return iterator;
}

function untilOf(until: ICAL.Time, { zone }: EventTime): number {
  if (until.isDate) return wallOf(until) + daySeconds - 1;
  return until.zone === ICAL.Timezone.utcTimezone ? zone.toWall(wallOf(until)) : wallOf(until);
}
