import { parseDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { EffectWords, ListedEvent } from './definitions.ts';
import { eventOf } from './effect.ts';
import { utcTimes, type ZoneTimes, zoneTimes } from './zone-times.ts';

const daySeconds = 86_400;
/** Longer than this is no event, but how demand is. */
const longestSeconds = 366 * daySeconds;

/** The event that a list says. Throws `invalid-argument` with a sentence that names the event. `usual`: what the calendar says. */
export function listedEvent(
  event: ListedEvent,
  usual: EffectWords & { readonly timeZone?: string | undefined },
): CalendarEvent {
  const refuse = (why: string) => new ForescaleError('invalid-argument', `event "${event.name}": ${why}`);
  const ownEffects = effectsIn(event);
  if (ownEffects.length > 1) throw refuse(`${ownEffects.join(' and ')} contradict each other; give one`);
  if (event.to !== undefined && event.duration !== undefined)
    throw refuse('to and duration say the same thing twice; give one');
  const zoneName = event.timeZone ?? usual.timeZone;
  const zone = zoneName === undefined ? utcTimes : zoneTimes(zoneName);
  if (zone === undefined)
    throw refuse(`time zone "${zoneName}" is not known; use a name such as Europe/Berlin`);
  const from = momentOf(event.from, zone);
  if (from === undefined) throw refuse(`from: ${event.from} is no moment`);
  const until = untilOf(event, from, zone);
  if (until === undefined) throw refuse(`to: ${event.to ?? event.duration} is no moment or duration`);
  if (until <= from.unixSeconds) throw refuse('it must end after it begins');
  if (until - from.unixSeconds > longestSeconds) throw refuse('it lasts longer than a year');
  const words = ownEffects.length > 0 ? event : { ...usual, ...event };
  const named = { startSeconds: from.unixSeconds, endSeconds: until, name: event.name };
  const ramp = event.ramp ?? usual.ramp;
  return eventOf(named, { ...words, ramp, kind: event.kind ?? usual.kind }, event.name);
}

/** The words about an effect that say anything. */
export function effectsIn({ like, ratio, ignore }: EffectWords): string[] {
  return [
    ...(like === undefined ? [] : ['like']),
    ...(ratio === undefined ? [] : ['ratio']),
    ...(ignore === true ? ['ignore'] : []),
  ];
}

interface Moment {
  readonly unixSeconds: number;
  /** Whether it is a day; then the first moment of the next one is known, too. */
  readonly nextDaySeconds: number | undefined;
}

function momentOf(text: string, zone: ZoneTimes): Moment | undefined {
  const isDay = text.length === 10;
  const hasOffset = /(?:Z|[+-]\d\d:\d\d)$/.test(text) && !isDay;
  const wall = Date.parse(hasOffset ? text : `${isDay ? `${text}T00:00` : text.replace(' ', 'T')}Z`) / 1000;
  if (Number.isNaN(wall)) return undefined;
  if (hasOffset) return { unixSeconds: wall, nextDaySeconds: undefined };
  // A date that is none, such as 30 February, reads as another one.
  if (!new Date(wall * 1000).toISOString().startsWith(text.slice(0, 10))) return undefined;
  return {
    unixSeconds: zone.toUnix(wall),
    nextDaySeconds: isDay ? zone.toUnix(wall + daySeconds) : undefined,
  };
}

function untilOf({ to, duration }: ListedEvent, from: Moment, zone: ZoneTimes): number | undefined {
  if (duration !== undefined) {
    const seconds = parseDuration(duration);
    return seconds === undefined ? undefined : from.unixSeconds + seconds;
  }
  if (to === undefined) return from.nextDaySeconds ?? from.unixSeconds + 3600;
  const until = momentOf(to, zone);
  return until?.nextDaySeconds ?? until?.unixSeconds;
}
