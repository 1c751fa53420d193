import { createTimeZone } from '../core/index.ts';

const daySeconds = 86_400;

/** The clocks of a place, asked from the wall: `wallSeconds` is what they show, as if it were UTC. */
export interface ZoneTimes {
  /** Unix seconds of what the clocks show. The first of two such times; where the clocks leap over it, as before the leap (RFC 5545, 3.3.5). */
  toUnix(wallSeconds: number): number;
  /** What the clocks show. */
  toWall(unixSeconds: number): number;
}

export const utcTimes: ZoneTimes = { toUnix: (seconds) => seconds, toWall: (seconds) => seconds };

const known = new Map<string, ZoneTimes | undefined>();

/** The clocks of an IANA zone; undefined where the runtime knows none of that name. */
export function zoneTimes(name: string): ZoneTimes | undefined {
  if (!known.has(name)) known.set(name, opened(name));
  return known.get(name);
}

function opened(name: string): ZoneTimes | undefined {
  try {
    return timesOf(createTimeZone(name));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function timesOf(zone: ReturnType<typeof createTimeZone>): ZoneTimes {
  return {
    toUnix(wallSeconds) {
      const before = zone.offsetAt(wallSeconds - daySeconds);
      const after = zone.offsetAt(wallSeconds + daySeconds);
      const early = wallSeconds - before;
      if (before === after || zone.offsetAt(early) === before) return early;
      const late = wallSeconds - after;
      return zone.offsetAt(late) === after ? late : early;
    },
    toWall: (unixSeconds) => unixSeconds + zone.offsetAt(unixSeconds),
  };
}

/** Moment on the wall of the first second of the day. */
export const dayOfWall = (wallSeconds: number) => Math.floor(wallSeconds / daySeconds) * daySeconds;
