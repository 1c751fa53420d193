const daySeconds = 86_400;
/** A leap farther than this starts anew instead of walking there day by day. */
const farthestWalkSeconds = 400 * daySeconds;
/** Names that need no database; they cost nothing. */
const utcNames = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT']);

/** The clocks of a place, as the IANA database that comes with the runtime has them. */
export interface TimeZone {
  readonly name: string;
  /** What local time is ahead of UTC, seconds (west is negative). Cheap where times rise: a look-up a day, not a call. */
  offsetAt(unixSeconds: number): number;
  /** The first change of the clocks in (after, until], unix seconds: the first second with the new offset. */
  changeAfter(afterSeconds: number, untilSeconds: number): ClockChange | undefined;
}

interface ClockChange {
  readonly atSeconds: number;
  /** Seconds that local time leaps ahead: 3600 in most springs, −3600 in most autumns. */
  readonly leapSeconds: number;
}

/** Whether a name is one of a zone that is known. */
export function isTimeZone(name: string): boolean {
  try {
    return utcNames.has(name) || formatOf(name).resolvedOptions().timeZone !== '';
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/** The clocks of an IANA zone. Throws a RangeError that names a zone nobody knows. */
export function createTimeZone(name: string): TimeZone {
  if (utcNames.has(name)) return { name, offsetAt: () => 0, changeAfter: () => undefined };
  const readOffset = offsetReader(name);
  // What is known: from scannedFrom to scannedUntil the offset changes at `starts`, and nowhere else.
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

  /** Looks at every day, because a clock can be changed for a month (Morocco's Ramadan), or for good. */
  function scan(untilSeconds: number): void {
    while (scannedUntil < untilSeconds) {
      const next = scannedUntil + daySeconds;
      const before = offsets.at(-1) ?? 0;
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
    while (index > 0 && (starts[index] ?? 0) > unixSeconds) index--;
    return index;
  }

  return {
    name,
    offsetAt(unixSeconds) {
      const index = indexAt(unixSeconds);
      return offsets[index] ?? 0;
    },
    changeAfter(afterSeconds, untilSeconds) {
      const index = indexAt(afterSeconds);
      scan(Math.min(untilSeconds, afterSeconds + farthestWalkSeconds));
      const atSeconds = starts[index + 1];
      if (atSeconds === undefined || atSeconds > untilSeconds) return undefined;
      return { atSeconds, leapSeconds: (offsets[index + 1] ?? 0) - (offsets[index] ?? 0) };
    },
  };
}

/** Asks the runtime, which takes microseconds: a name like GMT-03:30 is all it is asked for. */
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
