import ICAL from 'ical.js';
import { utcTimes, type ZoneTimes } from '../zone-times.ts';
import { type FileZones, wallOf } from './file-zones.ts';

/** A time of an event: what the clocks of its zone show. */
export interface EventTime {
  readonly wallSeconds: number;
  readonly zone: ZoneTimes;
  readonly isDay: boolean;
}

/** Times of a property, in order. Throws an error that says what is wrong. */
export function timesOf(
  property: ICAL.Property,
  zones: FileZones,
  warn: (sentence: string) => void,
): EventTime[] {
  return property.getValues().flatMap((value: unknown) => {
    const time = value instanceof ICAL.Period ? value.start : value;
    if (!(time instanceof ICAL.Time)) throw new Error(`${property.name} is no time`);
    const wallSeconds = wallOf(time);
    if (!Number.isFinite(wallSeconds)) throw new Error(`${property.name} is no time`);
    return [{ wallSeconds, zone: zoneOf(time, property, zones, warn), isDay: time.isDate }];
  });
}

function zoneOf(
  time: ICAL.Time,
  property: ICAL.Property,
  zones: FileZones,
  warn: (sentence: string) => void,
): ZoneTimes {
  if (time.isDate) return zones.usual;
  if (time.zone === ICAL.Timezone.utcTimezone) return utcTimes;
  const id = property.getFirstParameter('tzid');
  if (typeof id !== 'string' || id === '') return zones.usual;
  const zone = zones.of(id);
  if (zone === undefined) warn(`time zone "${id}" is not known; its times are taken for local ones`);
  return zone ?? zones.usual;
}

export const unixOf = ({ wallSeconds, zone }: EventTime) => zone.toUnix(wallSeconds);
