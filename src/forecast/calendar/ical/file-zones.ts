import ICAL from 'ical.js';
import { utcTimes, type ZoneTimes, zoneTimes } from '../zone-times.ts';

/** Finds the clocks of the zones that an iCalendar file names. */
export interface FileZones {
  /** The clocks of times that name no zone. */
  readonly usual: ZoneTimes;
  /** The clocks of a TZID: those of IANA, or those that the file describes; undefined where nobody knows it. */
  of(id: string): ZoneTimes | undefined;
}

/** `usual`: name of the zone of times that name none. `described`: texts of VTIMEZONE components. */
export function fileZones(usual: string | undefined, described: readonly string[]): FileZones {
  const own = new Map(described.flatMap((text) => describedZone(text)));
  const of = (id: string) => {
    // Some programs write /example.org/Europe/Berlin.
    const plain = id.replace(/^\/.*?\/(?=[A-Z])/, '');
    return zoneTimes(plain) ?? own.get(id);
  };
  return { usual: (usual === undefined ? undefined : of(usual)) ?? utcTimes, of };
}

function describedZone(text: string): [string, ZoneTimes][] {
  try {
    const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(text)));
    const offsetAt = (wallSeconds: number) => zone.utcOffset(timeAt(wallSeconds));
    return [
      [
        zone.tzid,
        {
          toUnix: (wallSeconds) => wallSeconds - offsetAt(wallSeconds),
          toWall: (unixSeconds) => unixSeconds + offsetAt(unixSeconds),
        },
      ],
    ];
  } catch {
    // Times in it will be told to be in a zone that is not known.
    return [];
  }
}

/** A time without a zone, of what clocks show. */
export function timeAt(wallSeconds: number): ICAL.Time {
  const date = new Date(wallSeconds * 1000);
  const parts = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
  return new ICAL.Time(parts, ICAL.Timezone.localTimezone);
}

/** What clocks show at a time, as if it were UTC, seconds. */
export function wallOf({ year, month, day, hour, minute, second }: ICAL.Time): number {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
