import type { CalendarEvent } from '../contract.ts';

/** Ratios beyond these are mistakes of a unit, or of whoever wrote them. */
const leastRatio = 0.1;
const largestRatio = 10;

/** A span of time in which the same events take place, unix seconds: [from, to). */
export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Events that take place or fade; never empty. */
  readonly events: readonly CalendarEvent[];
}

/** Finds what takes place at a time. Times that rise are cheap. */
export interface Segments {
  /** The segment that contains a time, undefined where there is none. */
  at(unixSeconds: number): Segment | undefined;
  /** Whether any event touches (from, to). */
  touches(fromSeconds: number, toSeconds: number): boolean;
}

/**
 * Cuts events into spans in which the same ones take place. Throws a RangeError that names the first event whose times or ratio
 * cannot work.
 */
export function segmentsOf(events: readonly CalendarEvent[]): Segments {
  for (const event of events) check(event);
  const segments = cut(inOrder(events));
  let last = 0;

  /** Number of the first segment that ends after a time. */
  function firstAfter(unixSeconds: number): number {
    let low = 0;
    let high = segments.length;
    const isNear =
      last < segments.length &&
      unixSeconds < segments[last]!.toSeconds &&
      (last === 0 || unixSeconds >= segments[last - 1]!.toSeconds);
    if (isNear) return last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (segments[middle]!.toSeconds > unixSeconds) high = middle;
      else low = middle + 1;
    }
    last = low;
    return low;
  }

  return {
    at(unixSeconds) {
      const segment = segments[firstAfter(unixSeconds)];
      return segment !== undefined && segment.fromSeconds <= unixSeconds ? segment : undefined;
    },
    touches(fromSeconds, toSeconds) {
      const segment = segments[firstAfter(fromSeconds)];
      return segment !== undefined && segment.fromSeconds < toSeconds;
    },
  };
}

const rampOf = ({ rampSeconds = 0 }: CalendarEvent) => rampSeconds;

/** Events in an order that does not depend on the order in which they were given, so that replicas agree. */
export const inOrder = (events: readonly CalendarEvent[]): CalendarEvent[] => [...events].sort(byContent);

function byContent(a: CalendarEvent, b: CalendarEvent): number {
  return (
    a.startSeconds - b.startSeconds ||
    a.endSeconds - b.endSeconds ||
    compare(a.kind, b.kind) ||
    compare(a.name, b.name)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function cut(events: readonly CalendarEvent[]): Segment[] {
  const from = (event: CalendarEvent) => event.startSeconds - rampOf(event);
  const to = (event: CalendarEvent) => event.endSeconds + rampOf(event);
  const borders = [...new Set(events.flatMap((event) => [from(event), to(event)]))].sort((a, b) => a - b);
  const byBeginning = [...events].sort((a, b) => from(a) - from(b));
  const segments: Segment[] = [];
  let active: CalendarEvent[] = [];
  let next = 0;
  for (let i = 0; i + 1 < borders.length; i++) {
    const fromSeconds = borders[i]!;
    active = active.filter((event) => to(event) > fromSeconds);
    for (; next < byBeginning.length && from(byBeginning[next]!) <= fromSeconds; next++)
      active.push(byBeginning[next]!);
    if (active.length > 0)
      segments.push({ fromSeconds, toSeconds: borders[i + 1]!, events: [...active].sort(byContent) });
  }
  return segments;
}

function check(event: CalendarEvent): void {
  const { startSeconds, endSeconds, name, effect } = event;
  if (!(startSeconds < endSeconds && Number.isFinite(startSeconds) && Number.isFinite(endSeconds))) {
    throw new RangeError(
      `event "${name}" must end after it starts, not at ${endSeconds} after ${startSeconds}`,
    );
  }
  if (!(rampOf(event) >= 0 && Number.isFinite(rampOf(event)))) {
    throw new RangeError(`event "${name}" must have a ramp of at least 0 seconds, not ${event.rampSeconds}`);
  }
  if (effect.type === 'given' && !(effect.ratio >= leastRatio && effect.ratio <= largestRatio)) {
    throw new RangeError(
      `event "${name}" must have a ratio from ${leastRatio} to ${largestRatio}, not ${effect.ratio}`,
    );
  }
}

/** Share of an event's effect at a time: 1 within it, falling to 0 over its ramps. */
export function shareAt(event: CalendarEvent, unixSeconds: number): number {
  const outside = Math.max(event.startSeconds - unixSeconds, unixSeconds - event.endSeconds, 0);
  if (outside === 0) return 1;
  return Math.max(0, 1 - outside / rampOf(event));
}
