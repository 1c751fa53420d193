import { ForescaleError } from '../../platform/errors.ts';
import { boundedList } from '../../platform/terminal/bounded-list.ts';
import type { CalendarEvent } from '../core/index.ts';

/** Time whose events are read, unix seconds: [from, to). */
export interface CalendarSpan {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** What a calendar says. */
export interface CalendarReading {
  /** In the order of their starts. */
  readonly events: readonly CalendarEvent[];
  /** What could not be read, or may surprise; each is one sentence. */
  readonly warnings: readonly string[];
}

/** A year's span begins this long after New Year, so that no model is learned anew on days that matter. */
const afterNewYearSeconds = 45 * 86_400;
/** Events of one calendar; each takes some 200 bytes of every model that has it. */
const mostEvents = 2_000;
/** Warnings of one calendar. */
const mostWarnings = 20;

/**
 * The years whose events are read: last year's, this year's and next year's. It is the same for a whole year, because a model is learned
 * anew where its events are others.
 */
export function spanAround(nowSeconds: number): CalendarSpan {
  const year = new Date((nowSeconds - afterNewYearSeconds) * 1000).getUTCFullYear();
  const begin = (of: number) => Date.UTC(of, 0, 1) / 1000;
  return { fromSeconds: begin(year - 1), toSeconds: begin(year + 2) };
}

/** The years of a history, those before and after it: what {@link spanAround} says of its first moment up to what it says of its last. */
export function spanOver(firstSeconds: number, lastSeconds: number): CalendarSpan {
  return {
    fromSeconds: spanAround(firstSeconds).fromSeconds,
    toSeconds: spanAround(lastSeconds).toSeconds,
  };
}

/** Puts events into their order, without those outside the span and those that are there twice. Throws `too-large` for too many. */
export function readingOf(
  events: readonly CalendarEvent[],
  { fromSeconds, toSeconds }: CalendarSpan,
  warnings: readonly string[] = [],
): CalendarReading {
  const within = events.filter((event) => event.endSeconds > fromSeconds && event.startSeconds < toSeconds);
  const distinct = new Map(within.map((event) => [JSON.stringify(event), event]));
  if (distinct.size > mostEvents) {
    const message = `it has ${distinct.size} events in the years that are read, and ${mostEvents} are read; leave some out, or split it among calendars of fewer workloads`;
    throw new ForescaleError('too-large', message);
  }
  const ordered = [...distinct.values()].sort(
    (a, b) => a.startSeconds - b.startSeconds || a.endSeconds - b.endSeconds,
  );
  return { events: ordered, warnings: boundedList([...new Set(warnings)], mostWarnings) };
}
