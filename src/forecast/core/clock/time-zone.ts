import { daySeconds } from './grid.ts';

/** For a time farther away than this the known changes are forgotten; nearer ones are reached day by day. */
const farthestWalkSeconds = 400 * daySeconds;
/** Names of zones without changes, which need no database. */
const utcNames = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT']);

/** The clocks of a place, as the IANA database that comes with the runtime has them. */
export interface TimeZone {
  /** Seconds that local time is ahead of UTC (west is negative). Cheap for rising times: the database is asked once a day. */
  offsetAt(unixSeconds: number): number;
  /** The first change of the clocks in (after, until], unix seconds: the first second with the new offset. */
  changeAfter(afterSeconds: number, untilSeconds: number): ClockChange | undefined;
}

interface ClockChange {
  readonly atSeconds: number;
  /** Seconds that local time leaps ahead: 3600 in most springs, −3600 in most autumns. */
  readonly leapSeconds: number;
}

/** The clocks of an IANA zone. Throws a RangeError that names a zone nobody knows. */
export function createTimeZone(name: string): TimeZone {
  return utcNames.has(name) ? utc : createChangingZone(offsetReader(name));
}

const utc: TimeZone = { offsetAt: () => 0, changeAfter: () => undefined };

function createChangingZone(readOffset: (unixSeconds: number) => number): TimeZone {
  // From scannedFrom to scannedUntil the offset changes at `starts` and nowhere else.
  // `offsets` holds the offset from each start on.
  let scannedFrom = Number.NaN;
  let scannedUntil = Number.NaN;
  let starts: number[] = [];
  let offsets: number[] = [];

  function startAt(unixSeconds: number): void {
    scannedFrom = unixSeconds;
    scannedUntil = unixSeconds;
    starts = [unixSeconds];
    offsets = [readOffset(unixSeconds)];
  }

  /** Reads the offset of every day, because clocks can be changed for a month (Ramadan in Morocco) or for good. */
  function scan(untilSeconds: number): void {
    while (scannedUntil < untilSeconds) {
      const next = scannedUntil + daySeconds;
      const before = offsets.at(-1)!;
      const after = readOffset(next);
      if (after !== before) {
        starts.push(firstSecondWith(after, scannedUntil, next));
        offsets.push(after);
      }
      scannedUntil = next;
    }
  }

  function firstSecondWith(offset: number, known: number, changed: number): number {
    let before = Math.floor(known);
    let from = Math.floor(changed);
    while (from - before > 1) {
      const middle = Math.floor((before + from) / 2);
      if (readOffset(middle) === offset) from = middle;
      else before = middle;
    }
    return from;
  }

  function indexAt(unixSeconds: number): number {
    if (!(unixSeconds >= scannedFrom && unixSeconds - scannedUntil <= farthestWalkSeconds))
      startAt(unixSeconds - daySeconds);
    scan(unixSeconds);
    let index = starts.length - 1;
    while (index > 0 && starts[index]! > unixSeconds) index--;
    return index;
  }

  return {
    offsetAt(unixSeconds) {
      const index = indexAt(unixSeconds);
      return offsets[index]!;
    },
    changeAfter(afterSeconds, untilSeconds) {
      const index = indexAt(afterSeconds);
      scan(Math.min(untilSeconds, afterSeconds + farthestWalkSeconds));
      const atSeconds = starts[index + 1];
      if (atSeconds === undefined || atSeconds > untilSeconds) return undefined;
      return { atSeconds, leapSeconds: offsets[index + 1]! - offsets[index]! };
    },
  };
}

/** Reads offsets from the runtime's names of a zone, such as GMT-03:30, which takes microseconds. */
function offsetReader(name: string): (unixSeconds: number) => number {
  const format = formatOf(name);
  return (unixSeconds) => {
    const text = format.formatToParts(unixSeconds * 1000).find(({ type }) => type === 'timeZoneName')?.value;
    const [, sign, hours, minutes, seconds = '0'] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text ?? '') ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
    return sign === '-' ? -size : size;
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw new RangeError(`time zone "${name}" is not known; use an IANA name such as Europe/Berlin`, {
      cause,
    });
  }
}
